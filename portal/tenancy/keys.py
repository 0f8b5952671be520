"""Keys per county: field encryption for what is most sensitive, and the blind index of ID numbers.

A ciphertext is `version | algorithm | key id | nonce | text | tag`: it says by itself how it opens, so
algorithm and key can change while the old rows stay readable. Associated data are that head and the place
of the field, so that a ciphertext cannot be pasted into another child. The index is an HMAC under a key
per county: equal for equal numbers of one county, unrelated to any other. This protects stolen files and
backups, not a running portal (docs/adr/0012).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import unicodedata
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.errors import SealBroken
from portal.tenancy.providers import Provider, provider_for

_VERSION = 1
_KEY_ID, _NONCE, _TAG = 4, 12, 16
_HEAD = 2 + _KEY_ID


class Profile(StrEnum):
    """PORTAL_CIPHER: how new rows are sealed and indexed. Every profile opens the rows of the other."""

    AES = "aes-256-gcm"
    SM4 = "sm4-gcm"
    """国密: SM4-GCM with HMAC-SM3, where the 密评 asks for it."""


_BYTE = {Profile.AES: 1, Profile.SM4: 2}
_PROFILE = {byte: profile for profile, byte in _BYTE.items()}
_LENGTH = {Profile.AES: 32, Profile.SM4: 16}


class KeyRing:
    """Derives and holds the keys. One instance, `keyring`; `init` is called by the app factory."""

    def __init__(self) -> None:
        self._root = b""
        self._provider: Provider | None = None
        self.profile = Profile.AES
        self._key = lru_cache(maxsize=1024)(_derive)

    def init(self, secret: str, *, key_file: str = "", cipher: str = Profile.AES) -> None:
        """Take the installation's secrets; earlier keys are forgotten. Raises SettingsError."""
        self._root, self._provider = secret.encode(), provider_for(secret, key_file)
        self.profile = Profile(cipher)
        self._key.cache_clear()

    @property
    def head(self) -> bytes:
        """What every ciphertext of now begins with: algorithm and key. `rotate` seals the others anew."""
        if self._provider is None:
            raise RuntimeError("the key ring has no secret yet")
        return bytes([_VERSION, _BYTE[self.profile]]) + self._provider.current

    def seal(self, text: str | bytes, *, county_id: int, place: str) -> bytes:
        """Encrypt for one place, e.g. `child.id_no|<public id>`."""
        plain = text.encode() if isinstance(text, str) else text
        head, nonce = self.head, os.urandom(_NONCE)
        encryptor = self._cipher(head, nonce, county_id).encryptor()
        encryptor.authenticate_additional_data(head + place.encode())
        return head + nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def unseal(self, sealed: bytes, *, county_id: int, place: str) -> bytes:
        """Decrypt. Raises SealBroken where the text was changed or moved, or its key is not here."""
        head, nonce, tag = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[-_TAG:]
        if len(sealed) < _HEAD + _NONCE + _TAG or head[0] != _VERSION:
            raise SealBroken("this is no sealed text")
        decryptor = self._cipher(head, nonce, county_id, tag).decryptor()
        decryptor.authenticate_additional_data(head + place.encode())
        try:
            return decryptor.update(sealed[_HEAD + _NONCE : -_TAG]) + decryptor.finalize()
        except InvalidTag:
            raise SealBroken("a sealed text was changed, or stands in another place than its own") from None

    def _cipher(
        self, head: bytes, nonce: bytes, county_id: int, tag: bytes | None = None
    ) -> Cipher[modes.GCM]:
        profile = _PROFILE.get(head[1])
        secret = self._provider.secret(head[2:]) if self._provider else None
        if profile is None or secret is None:
            raise SealBroken("the key of a sealed text is not here")
        key = self._key(secret, f"field/{profile.value}", county_id, _LENGTH[profile])
        kind = algorithms.AES256 if profile is Profile.AES else algorithms.SM4
        return Cipher(kind(key), modes.GCM(nonce, tag))

    def wrap(self, plain: bytes, *, purpose: str) -> str:
        """Encrypt what a browser carries for us (cookie, part of an address): URL-safe signs, readable to
        the portal alone, and under SECRET_KEY, so that turning the field keys signs nobody out."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(self._rooted(f"wrap/{purpose}", 0)).encrypt(nonce, plain, None)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def unwrap(self, word: str, *, purpose: str) -> bytes:
        """Decrypt. Raises SealBroken for anything `wrap` did not write for this purpose."""
        try:
            sealed = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
            nonce, text = sealed[:_NONCE], sealed[_NONCE:]
            return AESGCM(self._rooted(f"wrap/{purpose}", 0)).decrypt(nonce, text, None)
        except (InvalidTag, ValueError, binascii.Error):
            raise SealBroken("this was not written here, or for something else") from None

    def index(self, text: str, *, county_id: int) -> str:
        """The blind index of an identifier inside one county: equal for equal texts, else unrelated."""
        folded = unicodedata.normalize("NFKC", text).upper().encode()
        algorithm = hashes.SHA256() if self.profile is Profile.AES else hashes.SM3()
        made = HMAC(self._rooted("index", county_id), algorithm)
        made.update(folded)
        return made.finalize().hex()

    def mac(self, data: bytes, *, county_id: int, purpose: str) -> str:
        """A keyed hash with the name of its algorithm in front, `sha256$…`: proof that we wrote `data`."""
        return f"sha256${hmac.digest(self._rooted(purpose, county_id), data, 'sha256').hex()}"

    def _rooted(self, purpose: str, county_id: int) -> bytes:
        """Keys of the index and of proofs come from SECRET_KEY and are not rotated with the field keys."""
        return self._key(self._root, purpose, county_id, 32)


def _derive(secret: bytes, purpose: str, county_id: int, length: int) -> bytes:
    if not secret:
        raise RuntimeError("the key ring has no secret yet")
    info = f"shouwang/{purpose}/{county_id}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)


keyring = KeyRing()
