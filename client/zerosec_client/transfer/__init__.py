"""Files up and down: in parts, in parallel, resumable, checked by SHA-256, without ever holding a file in memory."""

from zerosec_client.transfer.download import download, inside
from zerosec_client.transfer.local import FileChangedError
from zerosec_client.transfer.pace import ProgressCallback, TransferProgress
from zerosec_client.transfer.upload import upload

__all__ = ["FileChangedError", "ProgressCallback", "TransferProgress", "download", "inside", "upload"]
