"""Tokens of targets in the system's keyring; where there is none, in the client's own file, and said so."""

import contextlib
from enum import StrEnum
from pathlib import Path

from zerosec_client.targets import Target, Targets

__all__ = ["KeyringTargets", "TokenPlace"]

SERVICE = "zerosec"


class TokenPlace(StrEnum):
    """Where tokens are kept on this system."""

    KEYRING = "keyring"
    FILE = "file"


class KeyringTargets(Targets):
    """The known targets, with their tokens in the keyring if it works. Everything here may block: call it from a thread."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(folder)
        self._place: TokenPlace | None = None

    def place(self) -> TokenPlace:
        """Whether the keyring works: tried once, by reading, since many systems have one that does not."""
        if self._place is None:
            self._place = TokenPlace.FILE
            # Back ends raise errors of their own kinds; whatever it is, the file is used instead and the screen says so.
            with contextlib.suppress(Exception):
                import keyring
                from keyring.backends.fail import Keyring as NoKeyring

                if not isinstance(keyring.get_keyring(), NoKeyring):
                    keyring.get_password(SERVICE, "probe")
                    self._place = TokenPlace.KEYRING
        return self._place

    def add(self, name: str, url: str, token: str | None, ca_file: Path | None = None) -> Target:
        """Remember a server; its token goes to the keyring where there is one."""
        if not token or self.place() is TokenPlace.FILE:
            return super().add(name, url, token, ca_file)
        import keyring

        target = super().add(name, url, None, ca_file)
        keyring.set_password(SERVICE, name, token)
        return target

    def remove(self, name: str) -> None:
        """Forget a server and its token."""
        super().remove(name)
        if self.place() is TokenPlace.KEYRING:
            import keyring
            from keyring.errors import PasswordDeleteError

            with contextlib.suppress(PasswordDeleteError):
                keyring.delete_password(SERVICE, name)

    def token(self, target: Target) -> str | None:
        """The token: of the environment or the file first, so that both can override, then of the keyring."""
        found = super().token(target)
        if found is not None or target.url is None or self.place() is TokenPlace.FILE:
            return found
        import keyring

        return keyring.get_password(SERVICE, target.name)
