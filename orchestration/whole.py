"""The files of the lake are what was written: a seal in each document, and in the ledger the hash of each file of rows.

A document ends with the hash of its own bytes, its seal; a line of a journal with that of all bytes before it. An entry of the ledger names
the hash of its rows and of its quarantine. So the seals guard every byte that a build reads. This protects against damage and careless
edits, not against a person who computes the hashes again.

Put here: sealing documents and journals, and comparing the files of the lake with their hashes. Keep out: the fields of an entry
(`orchestration.deliveries.ledger`), and repairing a file (`orchestration.deliveries.repair`).
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import digests, replace_bytes
from orchestration.outcome import Afloop

SEALED = re.compile(rb'(.*),\n "zegel": "([0-9a-f]{64})"\n}\n', re.DOTALL)
SEALED_LINE = re.compile(rb'(.*), "zegel": "([0-9a-f]{64})"}\n')
END = b"\n}"
COUNTS = ("geaccepteerd", "ingetrokken")  # verdicts of deliveries whose rows count, or may count again
LEDGER = "het grootboek"


class DamageError(LeerplichtError):
    """A file of the lake is not what was written; the message is one Dutch sentence with the file and what to do."""

    afloop = Afloop.BESCHADIGD


def seal(document: bytes) -> bytes:
    """Add the hash of a JSON object, with one field per line, as its last field `zegel`."""
    body = document.rstrip().removesuffix(END)
    return body + f',\n "zegel": "{_hash(body)}"\n}}\n'.encode()


def unseal(path: Path, what: str = LEDGER) -> tuple[bytes, bool]:
    """Return a document without its seal, and whether it had one: an earlier version wrote none.

    Args:
        path: The file.
        what: What it is, in Dutch, for the error.

    Raises:
        DamageError: The seal is not that of these bytes.
    """
    content = path.read_bytes()
    found = SEALED.fullmatch(content)
    if not found:
        return content, False
    if found[2].decode() != _hash(found[1]):
        raise damage(path, what)
    return found[1] + END, True


def damage(path: Path, what: str = LEDGER) -> DamageError:
    """Return the error for a damaged document, which only a backup can replace."""
    return DamageError(f"{what} is beschadigd: {path.resolve()}; zet het terug uit de reservekopie")


def append(journal: Path, *lines: Mapping[str, object]) -> None:
    """Add lines to a journal by atomically replacing the whole file: a power cut leaves all of them or none, and never half a line.

    Their seals cover all lines before them, damaged ones too: `read_journal` still refuses those.
    """
    replace_bytes(journal, extended(journal, *lines))


def extended(journal: Path, *lines: Mapping[str, object]) -> bytes:
    """Return the content of a journal with more lines."""
    content = journal.read_bytes() if journal.is_file() else b""
    for line in lines:
        content += json.dumps(line, ensure_ascii=False).encode().removesuffix(b"}")
        content += f', "zegel": "{_hash(content)}"}}\n'.encode()
    return content


def read_journal(journal: Path, known: Collection[str], what: str) -> list[dict[str, Any]]:
    """Return the lines of a journal, oldest first. An earlier version wrote no seals; the first seal covers its lines.

    Args:
        journal: The file; without one there are no lines.
        known: The fields that a line may have; another one may be a damaged seal.
        what: What it is, in Dutch, for the error.

    Raises:
        DamageError: A line is not what was written.
    """
    lines = journal.read_bytes().splitlines(keepends=True) if journal.is_file() else []
    seen, is_sealed, found = hashlib.sha256(), False, []
    for line in lines:
        sealed = SEALED_LINE.fullmatch(line)
        body, rest = (sealed[1], line[len(sealed[1]) :]) if sealed else (line, b"")
        seen.update(body)
        if (sealed and sealed[2].decode() != seen.hexdigest()) or (not sealed and is_sealed):
            raise damage(journal, what)
        seen.update(rest)
        is_sealed = bool(sealed)
        try:
            found.append(json.loads(body + b"}" if sealed else body))
        except ValueError:
            raise damage(journal, what) from None
        if not found[-1].keys() <= set(known):
            raise damage(journal, what)
    return found


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True)
class Damaged:
    """A file of rows or of rejected rows that is not what the ledger says.

    Args:
        path: The file.
        kind: `rijen` or `quarantaine`.
        name: Its name in the ledger.
        sha256: The hash that it should have.
    """

    path: Path
    kind: str
    name: str
    sha256: str | None

    @property
    def sentence(self) -> str:
        """What is wrong, in Dutch."""
        return f"{self.path.resolve()} {'is beschadigd' if self.path.exists() else 'ontbreekt'}"


def damaged(lake: Lake, bron: str = "*") -> list[Damaged]:
    """Hash the rows and rejected rows of every delivery that counts, or may count again; return the files that are missing or differ.

    Args:
        lake: The lake.
        bron: Only of this bron.

    Raises:
        DamageError: An entry of the ledger is damaged, or was written by an earlier version and not completed yet.
    """
    entries = [_entry(path) for path in sorted(lake.ledger.glob(f"{bron}/[!.]*.json"))]
    named = {
        Damaged(zone / entity[kind], kind, entity[kind], entity[f"{kind}_sha256"])
        for entry in entries
        for entity in entry["entiteiten"]
        for zone, kind in ((lake.rows, "rijen"), (lake.quarantine, "quarantaine"))
        if entity[kind] and entry["oordeel"] in COUNTS
    }
    hashes = digests(one.path for one in named if one.path.is_file())
    found = [one for one in named if one.path not in hashes or hashes[one.path] != one.sha256]
    return sorted(found, key=lambda one: one.path)


def require(lake: Lake) -> None:
    """Raise unless every file that a build reads is what the ledger says.

    Raises:
        DamageError: A file differs; the message names it and what to do.
    """
    if found := damaged(lake):
        more = f", en nog {len(found) - 1}" if len(found) > 1 else ""
        raise DamageError(f"{found[0].sentence}{more}; leerplicht run maakt het opnieuw uit de levering in landing, als die er nog is")


def _entry(path: Path) -> Any:
    content, is_sealed = unseal(path)
    if not is_sealed:
        raise DamageError(f"{path.resolve()} heeft geen zegel: een eerdere versie schreef het, of het is beschadigd; draai leerplicht run")
    return json.loads(content)
