"""Which servers are trusted: by the certificates of this computer, and by a lab's own that the user has named.

Without a name the usual ones count, or those of SSL_CERT_FILE and SSL_CERT_DIR. Nothing turns the check off.
"""

import ssl
from functools import lru_cache
from pathlib import Path

from zerosec_client.errors import LocalFileError, UntrustedServerError
from zerosec_shared.causes import cause
from zerosec_shared.texts import say

__all__ = ["trust_trouble", "trusted"]


@lru_cache(maxsize=16)
def _context(ca_file: str | None, _changed_ns: int) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def trusted(ca_file: str | None) -> ssl.SSLContext:
    """The context for TLS connections; loading the certificates costs 40 ms, once. Raises LocalFileError."""
    if ca_file is None:
        return _context(None, 0)
    try:
        return _context(ca_file, Path(ca_file).stat().st_mtime_ns)
    except ssl.SSLError as error:
        raise LocalFileError(
            say("{ca_file} holds no certificate.", ca_file=ca_file),
            hint="It must be a certificate file in PEM form.",
        ) from error
    except OSError as error:
        raise LocalFileError(
            say(
                "The certificate file {ca_file} cannot be read: {cause}.",
                ca_file=ca_file,
                cause=cause(error),
            )
        ) from error


def trust_trouble(url: str, error: BaseException) -> UntrustedServerError | None:
    """What it means for the user if a connection failed over TLS; None if that was not why."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UntrustedServerError(
                say("The server at {url} is not trusted: its certificate does not prove who it is.", url=url),
                say(
                    "The check says: {verify_message}. Nothing was sent.", verify_message=cause.verify_message
                ),
                "If it is your lab's own server, ask whoever runs it for the certificate file and name it: "
                "“zerosec targets add NAME URL --ca FILE”, or ZEROSEC_CA_FILE.",
            )
        if isinstance(cause, ssl.SSLError) and cause.reason in {
            "WRONG_VERSION_NUMBER",
            "RECORD_LAYER_FAILURE",
        }:
            return UntrustedServerError(
                say("What answers at {url} does not speak TLS.", url=url),
                "Nothing was sent.",
                "If the server really has no TLS, its address begins with http:// (only within a network you trust).",
            )
        cause = cause.__cause__ or cause.__context__
    return None
