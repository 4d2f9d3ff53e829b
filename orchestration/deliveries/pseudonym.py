"""Pseudonyms: HMAC-SHA256 of an identifier with a secret key, and the key file.

A plain hash of a BSN can be reversed by hashing all BSNs; with a secret key it cannot. Put here: the key file and the hashing. Keep out:
validation of identifiers (`identifiers.py`). The key is never logged, nor part of any message.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, replace_bytes

KEY_BYTES = 64
BLOCK = 64  # bytes of a block of SHA-256
PSEUDONYM_BYTES = 9  # three groups of base64: twelve characters, which DuckDB stores inline and not behind a pointer
PSEUDONYM_CHARACTERS = PSEUDONYM_BYTES // 3 * 4
SIGNS = b"._"  # the usual `+/` and `-_` have a meaning in shells, paths, spreadsheets or options
REMEMBERED = 500_000  # pseudonyms cached between batches and between the deliveries of a bron: about 100 MB


class PseudonymKeyError(LeerplichtError):
    """A key that cannot be used: readable by others, too short, or not the key of this lake."""


class Pseudonymiser:
    """Converts identifiers to pseudonyms: the first 72 bits of HMAC-SHA256, as twelve characters (decision 019).

    For the 3 million children of twenty years in the whole country the probability of a collision is one in a billion.

    The two hash states that depend on the key alone are computed once and copied: 0.64 microseconds an identifier, against 1.6 with
    `hmac.digest`.

    Args:
        key: The secret key, at least 64 bytes.
    """

    def __init__(self, key: bytes) -> None:
        padded = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._known: dict[str, dict[str, bytes]] = {}

    def one(self, kind: str, number: str) -> str:
        """Return the pseudonym of one identifier."""
        return base64.b64encode(self._digest(kind, number), SIGNS).decode()

    def column(self, kind: str, numbers: Any) -> Any:
        """Return the pseudonyms of a column of identifiers; null stays null. Each distinct identifier is hashed once."""
        encoded = numbers.dictionary_encode()
        given = encoded.dictionary.to_pylist()
        known = self._known.setdefault(kind, {})
        missing = [number for number in given if number not in known]
        if len(known) + len(missing) > REMEMBERED:
            known.clear()
            missing = given
        known.update((number, self._digest(kind, number)) for number in missing)
        text = base64.b64encode(b"".join(map(known.__getitem__, given)), SIGNS)
        offsets = np.arange(0, len(text) + 1, PSEUDONYM_CHARACTERS, dtype=np.int32)
        distinct = pa.StringArray.from_buffers(len(given), pa.py_buffer(offsets.tobytes()), pa.py_buffer(text))
        return distinct.take(encoded.indices)

    def _digest(self, kind: str, number: str) -> bytes:
        inner = self._inner.copy()
        inner.update(f"{kind}:{number}".encode())
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()[:PSEUDONYM_BYTES]


def load_key(key_file: Path, lake: Lake) -> bytes:
    """Read the secret key of a lake; create it on first use.

    Args:
        key_file: The key file; created with mode 0600 in a folder of mode 0700 if neither it nor a lake made with it exists.
        lake: The lake; it stores a fingerprint of its key, so that another key is detected.

    Raises:
        PseudonymKeyError: The key is readable by others, too short, inside the published zone, or not the key of this lake.
    """
    if key_file.is_relative_to(lake.published("intern").parent):
        raise PseudonymKeyError(f"de sleutel {key_file} ligt in de gepubliceerde zone; kies een andere plaats (LEERPLICHT_KEY_FILE)")
    if not key_file.exists():
        if lake.key_check.exists():
            raise PseudonymKeyError(f"de sleutel {key_file} ontbreekt, maar dit meer is ermee gemaakt: zet hem terug uit de reservekopie")
        _make(key_file)
    key = _read(key_file)
    _compare(key, lake)
    return key


def of_number(key_file: Path, lake: Lake, number: str) -> str:
    """Return the pseudonym in the lake of a number of a source that could be an identifier (decision 030).

    Raises:
        PseudonymKeyError: The key cannot be used.
        OSError: There is no key, or it is of somebody else.
    """
    key = _read(key_file)
    if lake.key_check.exists():
        _compare(key, lake)
    return Pseudonymiser(key).one("nummer", number)


def fingerprint(key: bytes) -> str:
    """Return a digest that identifies a key without revealing it."""
    return hmac.digest(key, b"leerplicht:sleutelcontrole:2", "sha256").hex()  # the number goes up if pseudonyms are computed otherwise


def _make(key_file: Path) -> None:
    if not key_file.parent.exists():
        key_file.parent.mkdir(parents=True, mode=0o700)
        key_file.parent.chmod(0o700)
    temporary = key_file.with_name(f".{key_file.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        key_file.hardlink_to(temporary)  # fails if another process created it first: then that key is used
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _read(key_file: Path) -> bytes:
    if stat.S_IMODE(key_file.stat().st_mode) & 0o077:
        raise PseudonymKeyError(f"de sleutel {key_file} is leesbaar voor anderen: chmod 600 {key_file}")
    folder = stat.S_IMODE(key_file.parent.stat().st_mode)
    if folder & 0o022 and not folder & stat.S_ISVTX:
        raise PseudonymKeyError(f"in de map van de sleutel kunnen anderen schrijven: chmod 700 {key_file.parent}")
    key = key_file.read_bytes()
    if len(key) < KEY_BYTES:
        raise PseudonymKeyError(f"de sleutel {key_file} is korter dan {KEY_BYTES} bytes")
    return key


def _compare(key: bytes, lake: Lake) -> None:
    if not lake.key_check.exists():
        replace_bytes(lake.key_check, json.dumps({"vingerafdruk": fingerprint(key)}).encode())
    kept = json.loads(lake.key_check.read_bytes())["vingerafdruk"]
    if not hmac.compare_digest(kept, fingerprint(key)):
        raise PseudonymKeyError(
            "dit meer is met een andere sleutel gemaakt, of met een oudere leerplicht: dezelfde persoon zou twee pseudoniemen krijgen"
        )
