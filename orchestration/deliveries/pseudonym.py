"""Pseudonyms: HMAC-SHA256 of an identifier with a secret key, and the key file.

A plain hash of a BSN can be reversed by hashing all BSNs; with a secret key it cannot. Put here: the key file and the hashing. Keep out:
validation of identifiers (`identifiers.py`). The key is never logged, nor part of any message.

A key file that was never rotated is the key itself. A rotation adds a key: then the pseudonym of a number is its pseudonym by the first
key, hashed again with the second, and so on (decision 035). So a stored pseudonym can be renewed without the number.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from orchestration import whole
from orchestration.deliveries.arrow import pc
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, layout
from orchestration.lake.files import replace_bytes
from orchestration.outcome import Afloop
from orchestration.unfinished import beside, clear_beside

KEY_BYTES = 64
CHECK = "de sleutelcontrole"
BLOCK = 64  # bytes of a block of SHA-256
PSEUDONYM_BYTES = 9  # three groups of base64: twelve characters, which DuckDB stores inline and not behind a pointer
PSEUDONYM_CHARACTERS = PSEUDONYM_BYTES // 3 * 4
SIGNS = b"._"  # the usual `+/` and `-_` have a meaning in shells, paths, spreadsheets or options
ROTATED = b"leerplicht: sleutels\n"  # first line of a key file with several keys; each next line is one of them, in base64
AGAIN, BARRED = b"pseudoniem:", b"geweerd:"  # what is hashed: a pseudonym by the next key, or the mark of an erased person
NUMBER_DIGITS = 9  # of a BSN or an onderwijsnummer


class Mark(NamedTuple):
    """What is kept of an erased person, so that later deliveries do not bring it back: a keyed hash of its pseudonym, which no row has.

    Args:
        keys: How many keys the key file had when it was made.
        text: The hash; each later rotation hashes it again, as it does with pseudonyms.
    """

    keys: int
    text: str


class PseudonymKeyError(LeerplichtError):
    """A key that cannot be used: readable by others, too short, or not the key of this lake."""

    afloop = Afloop.INSTELLING


class Pseudonymiser:
    """Converts identifiers to pseudonyms: the first 72 bits of HMAC-SHA256, as twelve characters (decision 019).

    For the 3 million children of twenty years in the whole country the probability of a collision is one in a billion.

    The two hash states that depend on a key alone are computed once and copied: 0.64 microseconds an identifier, against 1.6 with
    `hmac.digest`.

    Args:
        key: The content of the key file: a secret key of at least 64 bytes, or several.
        barred: The marks of persons whose rows are not read (`barred.py`).
    """

    def __init__(self, key: bytes, barred: Collection[Mark] = ()) -> None:
        self._first, *self._later = self._keys = [_Hmac(one) for one in keys_in(key)]
        self._known: dict[str, _Remembered] = {}
        self._barred = frozenset(barred)

    def one(self, kind: str, number: str) -> str:
        """Return the pseudonym of one identifier."""
        return base64.b64encode(self._digest(kind, number), SIGNS).decode()

    def column(self, kind: str, numbers: Any) -> Any:
        """Return the pseudonyms of a column of identifiers; null stays null. Each distinct identifier is hashed once."""
        encoded = numbers.dictionary_encode()
        digests = self._known.setdefault(kind, _Remembered()).digests(encoded.dictionary, lambda number: self._digest(kind, number))
        text = base64.b64encode(digests.tobytes(), SIGNS)
        offsets = np.arange(0, len(text) + 1, PSEUDONYM_CHARACTERS, dtype=np.int32)
        distinct = pa.StringArray.from_buffers(len(digests), pa.py_buffer(offsets.tobytes()), pa.py_buffer(text))
        return distinct.take(encoded.indices)

    def are_barred(self, kind: str, numbers: Any) -> np.ndarray | None:
        """Return a mask of the identifiers of barred persons; None if nobody is barred."""
        if not self._barred:
            return None
        encoded = numbers.dictionary_encode()
        distinct = [any(mark in self._barred for mark in self._marks(kind, number)) for number in encoded.dictionary.to_pylist()]
        found: Any = pa.array(distinct, pa.bool_()).take(encoded.indices)
        return np.asarray(found.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)

    def _marks(self, kind: str, number: str) -> Iterator[Mark]:
        """Yield every mark that an identifier can have: made when the key file had one key, two keys, and so on."""
        pseudonym = self._first.digest(f"{kind}:{number}".encode())
        for place, key in enumerate(self._keys):
            if place:
                pseudonym = key.digest(AGAIN + base64.b64encode(pseudonym, SIGNS))
            found = key.digest(BARRED + base64.b64encode(pseudonym, SIGNS))
            for later in self._keys[place + 1 :]:
                found = later.digest(BARRED + base64.b64encode(found, SIGNS))
            yield Mark(place + 1, base64.b64encode(found, SIGNS).decode())

    def _digest(self, kind: str, number: str) -> bytes:
        found = self._first.digest(f"{kind}:{number}".encode())
        for later in self._later:
            found = later.digest(AGAIN + base64.b64encode(found, SIGNS))
        return found


class _Remembered:
    """The digests of the identifiers of one kind that were met before, in earlier batches and earlier deliveries of a bron.

    Numbers in order, and a row of bytes for each: 17 bytes an identifier, where a dictionary takes 200. So all children of the country fit.
    """

    def __init__(self) -> None:
        self._numbers = np.array([10**NUMBER_DIGITS])  # more than any, so that every place is one of them
        self._digests = np.zeros((1, PSEUDONYM_BYTES), np.uint8)

    def digests(self, given: Any, digest: Callable[[str], bytes]) -> np.ndarray:
        """Return the digests of distinct identifiers, one row each; those that were met before are not made again."""
        numbers = _as_numbers(given)
        if numbers is None:
            return _rows(map(digest, given.to_pylist()))
        place = np.searchsorted(self._numbers, numbers)
        new, found = self._numbers[place] != numbers, self._digests[place]
        if new.any():
            found[new] = _rows(map(digest, given.filter(pa.array(new)).to_pylist()))
            order = np.flatnonzero(new)[np.argsort(numbers[new])]
            self._numbers = np.insert(self._numbers, place[order], numbers[order])
            self._digests = np.insert(self._digests, place[order], found[order], axis=0)
        return found


def _as_numbers(texts: Any) -> np.ndarray | None:
    """Return texts of nine digits as numbers; None if one of them is something else, as two such texts may be one number."""
    if not pc.all(pc.match_substring_regex(texts, f"^[0-9]{{{NUMBER_DIGITS}}}$"), min_count=0).as_py():
        return None
    digits = np.frombuffer("".join(texts.to_pylist()).encode(), np.uint8).reshape(-1, NUMBER_DIGITS) - np.uint8(ord("0"))
    return digits @ 10 ** np.arange(NUMBER_DIGITS - 1, -1, -1)


def _rows(digests: Iterable[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, PSEUDONYM_BYTES)


class _Hmac:
    """HMAC-SHA256 with one key, cut off to the length of a pseudonym."""

    def __init__(self, key: bytes) -> None:
        padded = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def digest(self, message: bytes) -> bytes:
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()[:PSEUDONYM_BYTES]


def keys_in(key: bytes) -> tuple[bytes, ...]:
    """Return the keys of a key file, in the order in which they are applied.

    Raises:
        PseudonymKeyError: It is damaged.
    """
    if not key.startswith(ROTATED):
        return (key,)
    try:
        return tuple(base64.b64decode(line, validate=True) for line in key.removeprefix(ROTATED).splitlines())
    except ValueError:
        raise PseudonymKeyError("de sleutel is beschadigd: zet hem terug uit de reservekopie") from None


def lasting(key: bytes) -> bytes:
    """Return the key that no rotation changes: what is derived from it, such as the draws of `openbaar`, stays the same for ever."""
    return keys_in(key)[0]


def rotated(key: bytes) -> bytes:
    """Return the content of a key file with one more key, which is new."""
    lines = [*keys_in(key), secrets.token_bytes(KEY_BYTES)]
    return ROTATED + b"".join(base64.b64encode(line) + b"\n" for line in lines)


def renew(key: bytes, pseudonyms: Any) -> Any:
    """Return what a column of pseudonyms becomes by the last key of a rotated key file; null stays null.

    Args:
        key: The content of the key file after the rotation.
        pseudonyms: A string array, of the key file before it.
    """
    last = _Hmac(keys_in(key)[-1])
    encoded = pseudonyms.dictionary_encode()
    given = encoded.dictionary.to_pylist()
    made = [base64.b64encode(last.digest(AGAIN + one.encode()), SIGNS).decode() for one in given]
    return pa.array(made, pa.string()).take(encoded.indices)


def mark_of(key: bytes, pseudonym: str) -> Mark:
    """Return the mark of a person by one of its pseudonyms."""
    keys = keys_in(key)
    return Mark(len(keys), base64.b64encode(_Hmac(keys[-1]).digest(BARRED + pseudonym.encode()), SIGNS).decode())


def renew_mark(key: bytes, mark: Mark) -> Mark:
    """Return what a mark becomes by the last key of a rotated key file."""
    last = _Hmac(keys_in(key)[-1])
    return mark._replace(text=base64.b64encode(last.digest(BARRED + mark.text.encode()), SIGNS).decode())


def load_key(key_file: Path, lake: Lake) -> bytes:
    """Read the secret key of a lake; create it on first use.

    Args:
        key_file: The key file; created with mode 0600 in a folder of mode 0700 if neither it nor a lake made with it exists.
        lake: The lake; it stores a fingerprint of its key, so that another key is detected.

    Raises:
        PseudonymKeyError: The key is readable by others, too short, inside the published zone, or not the key of this lake.
        DamageError: The fingerprint in the lake is not what was written.
    """
    if key_file.is_relative_to(lake.published("intern").parent):
        raise PseudonymKeyError(f"de sleutel {key_file} ligt in de gepubliceerde zone; kies een andere plaats (LEERPLICHT_KEY_FILE)")
    if not key_file.exists():
        if lake.key_check.exists():
            raise PseudonymKeyError(f"de sleutel {key_file} ontbreekt, maar dit meer is ermee gemaakt: zet hem terug uit de reservekopie")
        _make(key_file)
    clear_beside(key_file)
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
    temporary = beside(key_file)
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
    """Compare the key with the fingerprint in the lake; write that if there is none, or seal it if an earlier version did not."""
    content, is_sealed = whole.unseal(lake.key_check, CHECK) if lake.key_check.exists() else (b"", False)
    try:
        kept = json.loads(content)["vingerafdruk"] if content else fingerprint(key)
    except (ValueError, KeyError, TypeError):
        raise whole.damage(lake.key_check, CHECK) from None
    if not hmac.compare_digest(str(kept).encode(), fingerprint(key).encode()):
        if lake.change.exists():
            raise PseudonymKeyError("het vernieuwen van de sleutel is afgebroken; leerplicht run maakt het eerst af")
        raise PseudonymKeyError(
            "dit meer is met een andere sleutel gemaakt, of met een oudere leerplicht: dezelfde persoon zou twee pseudoniemen krijgen"
        )
    if not content:
        layout.note(lake)  # a lake begins with its key
    if not is_sealed:
        replace_bytes(lake.key_check, check_of(key))


def check_of(key: bytes) -> bytes:
    """Return the content of the lake's file by which another key is noticed."""
    return whole.seal(json.dumps({"vingerafdruk": fingerprint(key)}, indent=1).encode())
