"""Where field keys come from. A provider names the key to seal with and finds any key that was used before.

`SecretKeys` derives the one key from SECRET_KEY (contract.md §1). `FileKeys` reads secrets from a file
outside the database, readable by its owner alone; the first one seals, the others only open, and so does
SECRET_KEY, by which everything was sealed before there was a file. A key service or a 密码机 is another
class of this shape.
"""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import Protocol

from portal.config import SettingsError

SHORTEST = 32


class Provider(Protocol):
    """Secrets by the id that stands in every ciphertext."""

    @property
    def current(self) -> bytes:
        """The id of the secret that seals."""

    def secret(self, key_id: bytes) -> bytes | None:
        """The secret of an id, None if it is not (or no longer) here."""


def id_of(secret: bytes) -> bytes:
    """Four bytes that name a secret and say nothing about it."""
    return hashlib.sha256(b"shouwang/key-id/" + hashlib.sha256(secret).digest()).digest()[:4]


class SecretKeys:
    """The default: one secret, SECRET_KEY itself."""

    def __init__(self, secret: bytes) -> None:
        self.current = id_of(secret)
        self._secrets = {self.current: secret}

    def secret(self, key_id: bytes) -> bytes | None:
        return self._secrets.get(key_id)


class FileKeys(SecretKeys):
    """One secret per line, the newest first; # begins a comment. Raises SettingsError."""

    def __init__(self, path: Path, secret: bytes) -> None:
        super().__init__(secret)
        secrets = _read(path)
        self._secrets |= {id_of(one): one for one in secrets}
        self.current = id_of(secrets[0])


def _read(path: Path) -> list[bytes]:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"PORTAL_FIELD_KEYS: {path} cannot be read ({error})") from None
    if stat.S_IMODE(mode) & 0o077:
        raise SettingsError(f"PORTAL_FIELD_KEYS: others may read {path}: chmod 0400 it")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    secrets = [line.encode() for line in lines if line]
    if not secrets or any(len(one) < SHORTEST for one in secrets):
        raise SettingsError(
            f"PORTAL_FIELD_KEYS: {path} needs a line of at least {SHORTEST} characters per key"
        )
    return secrets


def provider_for(secret: str, key_file: str = "") -> Provider:
    """The provider the settings ask for."""
    return FileKeys(Path(key_file), secret.encode()) if key_file else SecretKeys(secret.encode())
