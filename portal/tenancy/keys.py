"""Keys per county: field encryption for ID numbers, and the blind index by which they are found.

AES-256-GCM with the place of the field as associated data, so that a ciphertext cannot be pasted into
another child; HMAC-SHA256 under a key per county, so that an index says nothing to another county.
All keys derive from SECRET_KEY (contract.md §1). This protects stolen files, not a running portal.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE = 12


class KeyRing:
    """Derives and holds the keys. One instance, `keyring`; `init` is called by the app factory."""

    def __init__(self) -> None:
        self._master = b""
        self._key = lru_cache(maxsize=512)(self._derive)

    def init(self, secret: str) -> None:
        """Take the installation's secret; earlier keys are forgotten."""
        self._master = secret.encode()
        self._key.cache_clear()

    def _derive(self, purpose: str, county_id: int) -> bytes:
        if not self._master:
            raise RuntimeError("the key ring has no secret yet")
        info = f"shouwang/{purpose}/{county_id}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._master)

    def seal(self, text: str | bytes, *, county_id: int, place: str) -> bytes:
        """Encrypt for one place, e.g. `child.id_no|<public id>`."""
        plain = text.encode() if isinstance(text, str) else text
        nonce = os.urandom(_NONCE)
        return _VERSION + nonce + self._cipher(county_id).encrypt(nonce, plain, place.encode())

    def unseal(self, sealed: bytes, *, county_id: int, place: str) -> bytes:
        """Decrypt. Raises cryptography's InvalidTag where the text, the place or the key is not the one."""
        nonce = sealed[1 : 1 + _NONCE]
        return self._cipher(county_id).decrypt(nonce, sealed[1 + _NONCE :], place.encode())

    def _cipher(self, county_id: int) -> AESGCM:
        return AESGCM(self._key("field", county_id))

    def index(self, text: str, *, county_id: int) -> str:
        """The blind index of an identifier inside one county: equal for equal texts, else unrelated."""
        folded = unicodedata.normalize("NFKC", text).upper().encode()
        return hmac.new(self._key("index", county_id), folded, hashlib.sha256).hexdigest()

    def mac(self, data: bytes, *, county_id: int, purpose: str) -> str:
        """A keyed hash with the name of its algorithm in front, `sha256$…`: proof that we wrote `data`."""
        return f"sha256${hmac.digest(self._key(purpose, county_id), data, 'sha256').hex()}"


keyring = KeyRing()
