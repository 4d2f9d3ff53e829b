"""The originals in landing: which of them mention a person, in any column and any spelling.

Put here: searching the bytes of a delivery for the numbers of a person. Keep out: reading a delivery (`orchestration.deliveries`): what is
asked here is also asked of files that no reader accepts.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from expectations import contract as contracts
from orchestration.deliveries import manifest as manifests
from orchestration.deliveries.identifiers import DIGITS, MAX_RESTORED, REMAINDERS, are_valid
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.pseudonym import Pseudonymiser
from orchestration.lake import Lake
from orchestration.persons.identity import Person

BETWEEN = r"[\s._,/\-]?"  # what people write between the digits of a number
RUN = re.compile(rf"(?<!\d)\d{{{DIGITS - MAX_RESTORED},{DIGITS}}}(?!\d)")
MOST = 4 << 30  # bytes of one unpacked file; more is a trap, and counts as a mention: nobody can say that it holds nothing


@dataclass(frozen=True)
class Original:
    """A folder in landing.

    Args:
        bron: Its bron; '' if it belongs to none.
        name: Its name as the ledger and messages have it.
        path: Where it is.
        entries: Its entries in the ledger; none if it was not judged yet.
    """

    bron: str
    name: str
    path: Path
    entries: tuple[LedgerEntry, ...]


def originals(lake: Lake, entries: list[LedgerEntry]) -> Iterator[Original]:
    """Yield everything in landing: each delivery, and each file or folder that is none."""
    for parent in [lake.landing / bron for bron in contracts.BRONNEN]:
        for path in sorted(parent.iterdir()) if parent.is_dir() else ():
            name = manifests.ledger_name(path.name)
            found = [entry for entry in entries if (entry.bron, entry.levering) == (parent.name, name)]
            judged = tuple(entry for entry in found if _is_of(path, entry))
            yield Original(parent.name, name, path, judged)
    for path in sorted(lake.landing.iterdir()) if lake.landing.is_dir() else ():
        if path.name not in contracts.BRONNEN:
            yield Original("", manifests.ledger_name(path.name), path, ())


def mentioning(lake: Lake, entries: list[LedgerEntry], key: bytes, person: Person) -> list[Original]:
    """Return the originals that mention a person.

    Args:
        lake: The lake.
        entries: The ledger.
        key: The key of the pseudonyms, by which the numbers of a coupled onderwijsnummer are recognised.
        person: The person.
    """
    search = _Search(key, person)
    return [original for original in originals(lake, entries) if search.finds(original.path)]


class _Search:
    """Searches files for a person: its numbers in any spelling, also inside a longer text, and every number that has its pseudonym."""

    def __init__(self, key: bytes, person: Person) -> None:
        self._pseudonymiser, self._person = Pseudonymiser(key), person
        self._is_theirs: dict[str, bool] = {}
        numbers = [number for _, number in person.numbers]
        shorter = [number.lstrip("0") for number in numbers if len(number.lstrip("0")) >= DIGITS - MAX_RESTORED]
        spelled = [BETWEEN.join(number) for number in numbers] + [rf"(?<!\d){BETWEEN.join(number)}(?!\d)" for number in shorter]
        self._given = re.compile("|".join(spelled))

    def finds(self, path: Path) -> bool:
        """Return whether a file, or any file in a folder, mentions the person, in its name or its content."""
        if path.is_symlink() or not path.exists():
            return self._in_text(path.name)
        if path.is_dir():
            return self._in_text(path.name) or any(self.finds(inside) for inside in path.iterdir())
        return self._in_text(path.name) or any(self._in_text(text) for text in _texts(path))

    def _in_text(self, text: str) -> bool:
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)
        return bool(self._given.search(text)) or any(self._has(run) for run in set(RUN.findall(text)))

    def _has(self, run: str) -> bool:
        if run not in self._is_theirs:
            number = run.zfill(DIGITS)
            kinds = [kind for kind in REMAINDERS if number.isascii() and are_valid(kind, pa.array([number], pa.string())).any()]
            self._is_theirs[run] = any(self._pseudonymiser.one(kind, number) in self._person.pseudonyms for kind in kinds)
        return self._is_theirs[run]


def _texts(path: Path) -> Iterator[str]:
    """Yield the content of a file as text; of a workbook or another zip that of each file in it.

    Letters of another encoding may come out wrong; digits do not.
    """
    if not zipfile.is_zipfile(path):
        yield _decoded(path.read_bytes())
        return
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size <= MOST:
                with archive.open(member) as file:
                    yield member.filename + "\n" + _decoded(file.read(MOST))


def _decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _is_of(path: Path, entry: LedgerEntry) -> bool:
    return path.is_dir() and (path / manifests.FILE).exists() and manifests.fingerprint(path) == entry.manifest_sha256
