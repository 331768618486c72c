"""The outbox: what must survive a crash of this program. Submissions, whose folders are whose, and the records of transfers."""

from zerosec_client.outbox.entries import Entry, Intent, LocalInput, State
from zerosec_client.outbox.folders import FolderTakenError
from zerosec_client.outbox.submissions import Outbox
from zerosec_client.outbox.transfers import TargetRecord

__all__ = ["Entry", "FolderTakenError", "Intent", "LocalInput", "Outbox", "State", "TargetRecord"]
