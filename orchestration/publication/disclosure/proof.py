"""The proof of a release of `openbaar`, in files: written when it is made, and checked before it is published and ever after.

The check starts from the public files themselves: what they say of each count, nothing else, is what the alternatives must agree with. It
uses no solver, but for a count that is said to have been given away before: that it was, is worked out anew. Together with the proofs of
the releases before it, it is the memory of everything that was ever made public: what is there is never altered, and each proof names those
before it with their hashes.

Put here: the private files and their check. Keep out: the arithmetic of the check (`certificate.py`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.errors import LeerplichtError
from orchestration.lake import digest
from orchestration.publication import parquet
from orchestration.publication.disclosure import audit, certificate, knowledge, mask, memory, protection
from orchestration.publication.disclosure.attack import ContradictionError
from orchestration.publication.disclosure.memory import Told
from orchestration.publication.disclosure.protection import Evidence, Requirements
from orchestration.publication.disclosure.solver import UndecidedError
from orchestration.publication.disclosure.system import Cell, Interval

FACTS, CERTIFICATES, SUMMARY = "feiten.parquet", "certificaten.parquet", "bescherming.json"
SHOWN_FAULTS = 5

_PLACE: list["pa.Field[Any]"] = [pa.field(name, pa.string(), nullable=False) for name in Cell._fields if name != "versie"]
_VALUE: "pa.Field[Any]" = pa.field("waarde", pa.int64(), nullable=False)
FACTS_SCHEMA = pa.schema(
    [
        *_PLACE,
        pa.field("eenheid", pa.string(), nullable=False),
        _VALUE,
        pa.field("achtergehouden", pa.bool_(), nullable=False),
        pa.field("laag", pa.int64(), nullable=False),
        pa.field("hoog", pa.int64()),
    ]
)
CERTIFICATES_SCHEMA = pa.schema(
    [pa.field("alternatief", pa.int64(), nullable=False), *_PLACE, pa.field("versie", pa.string(), nullable=False), _VALUE]
)


class ProofError(LeerplichtError):
    """A release of `openbaar` without a proof that holds; the message names what fails."""


def write(
    folder: Path,
    told: Told,
    chosen: protection.Protection,
    intern: str,
    sums: Mapping[str, Sequence[str]],
    earlier: Sequence[Told],
) -> None:
    """Write the proof of a release, and what else of it only insiders may know.

    Args:
        folder: An empty, private folder.
        told: The release's counts and signs.
        chosen: Its protection.
        intern: The name of the `intern` release that it was made from.
        sums: Of each total its parts.
        earlier: The releases before it, the first one first.
    """
    parquet.write(
        folder / CERTIFICATES,
        [
            {"alternatief": number, **cell._asdict(), "waarde": value}
            for number, table in enumerate(chosen.tables, 1)
            for cell, value in sorted(table.items())
        ],
        CERTIFICATES_SCHEMA,
    )
    rounded = [cell for cell, sign in chosen.signs.items() if cell.uitsplitsing and sign != mask.NOTHING]
    summary = {
        "intern": intern,
        "optellingen": {total: list(parts) for total, parts in sums.items()},
        "achtergehouden": len(chosen.signs) - len(rounded),
        "afgerond": len(rounded),
        "waarvan_klein": sum(told.values[cell] in told.small for cell in chosen.signs),
        "alternatieven": len(chosen.tables),
        "minimaal": chosen.optimal,
        "al_openbaar": [str(cell) for cell in chosen.lost],
    }
    write_told(folder, told, earlier, _memories(folder), summary)


def write_told(folder: Path, told: Told, earlier: Sequence[Told], memories: Path, besides: Mapping[str, Any]) -> None:
    """Write what was made public, as it is remembered.

    Args:
        folder: Where.
        told: It.
        earlier: What was made public before it, the first one first.
        memories: Where that is remembered.
        besides: What else must be known of it.
    """
    parquet.write(folder / FACTS, memory.rows(told), FACTS_SCHEMA)
    summary = {
        **besides,
        "klein": {"laag": told.small.low, "hoog": told.small.high},
        "gedeeltelijk": told.partial,
        "eerder": {before.release: digest(memories / before.release / FACTS) for before in earlier},
    }
    (folder / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def evidence(public: Path, private: Path) -> Evidence:
    """Gather what is public of a release, starting from its public files.

    Args:
        public: The folder of its public files.
        private: The folder of its proof; see `_memories`.

    Raises:
        ProofError: There is no proof, or the memory of earlier releases was altered.
    """
    asked, lost = _asked(private)
    said, _ = _said(public, _told(private, "").small)
    return protection.evidence(asked, said, _tables(private), lost)


def _asked(private: Path) -> tuple[Requirements, list[str]]:
    """What must be proved of a release, and of which counts it says that nothing can be, as they were given away before."""
    summary, told = _summary(private), _told(private, "")
    memories = _memories(private)
    earlier = [before for before in remembered(memories) if before.release in summary["eerder"]]
    _same_memory(memories, summary["eerder"], {before.release for before in earlier}, private)
    now = knowledge.Figures(told.values, knowledge.relations(told.values, told.units, summary["optellingen"], complete=told.small.low == 0))
    return protection.requirements(now, earlier, told.small, summary["optellingen"]), summary["al_openbaar"]


def _memories(private: Path) -> Path:
    """The folder with the proofs of earlier releases, of a proof in it or of a run's candidate (`.bescherming/<run>/`)."""
    return private.parent if private.parent.name == "bescherming" else private.parents[1] / "bescherming"


def check(public: Path, private: Path) -> None:
    """Check that nobody can work out a small count from a release and all releases before it.

    Args:
        public: The folder of its public files.
        private: The folder of its proof.

    Raises:
        ProofError: There is no proof, or it does not hold; or the memory of earlier releases was altered.
    """
    (asked, lost), told = _asked(private), _told(private, "")
    said, told_besides = _said(public, told.small)
    found = protection.evidence(asked, said, _tables(private), lost)
    faults = [*told_besides, *_differences(said, told), *_unfounded(asked, lost)]
    faults += certificate.faults(found.public, found.relations, found.needed, found.tables)
    if faults:
        more = f" (en nog {len(faults) - SHOWN_FAULTS})" if len(faults) > SHOWN_FAULTS else ""
        raise ProofError("; ".join(faults[:SHOWN_FAULTS]) + more)


def remembered(memories: Path) -> list[Told]:
    """Read what every earlier release told, the first one first.

    Args:
        memories: The folder with a proof a release.

    Raises:
        ProofError: One of them is not whole.
    """
    if not memories.is_dir():
        return []
    found = [(_summary(folder), folder) for folder in memories.iterdir() if folder.is_dir()]
    found.sort(key=lambda entry: (len(entry[0]["eerder"]), entry[1].name))
    return [_told(folder, folder.name) for _, folder in found]


def standing(memories: Path, now: knowledge.Figures, small: Interval, sums: Mapping[str, Sequence[str]]) -> protection.Protection | None:
    """The protection of the last release, when the figures have not changed since and it still proves all that must be proved.

    Args:
        memories: The folder with a proof a release.
        now: The figures of now.
        small: The counts that must be withheld.
        sums: Of each total its parts.
    """
    earlier = remembered(memories)
    if not earlier or (earlier[-1].values, earlier[-1].small) != (now.values, small):
        return None
    last, private = earlier[-1], memories / earlier[-1].release
    summary, tables = _summary(private), _tables(private)
    said = {cell: last.said(cell) for cell in last.values}
    found = protection.evidence(protection.requirements(now, earlier, small, sums), said, tables, summary["al_openbaar"])
    if any(certificate.faults(found.public, found.relations, found.needed, found.tables)):
        return None  # since then more became known of how figures hang together
    named = {str(cell): cell for cell in now.values}
    return protection.Protection(last.signs, tables, summary["minimaal"], tuple(named[name] for name in summary["al_openbaar"]))


def _same_memory(memories: Path, noted: Mapping[str, str], present: Iterable[str], private: Path) -> None:
    missing = noted.keys() - set(present)
    altered = {name for name, then in noted.items() if name not in missing and digest(memories / name / FACTS) != then}
    if missing or altered:
        raise ProofError(f"het geheugen van {private.name} is niet meer wat het was: {', '.join(sorted(missing | altered))}")


def _summary(private: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((private / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ProofError(f"{private.name} heeft geen leesbare {SUMMARY}") from problem
    return found


def _told(private: Path, release: str) -> Told:
    summary = _summary(private)
    small = summary["klein"]
    try:
        rows = pq.read_table(private / FACTS, schema=FACTS_SCHEMA).to_pylist()
    except (OSError, pa.ArrowException) as problem:
        raise ProofError(f"{private.name} heeft geen leesbare {FACTS}") from problem
    return memory.read(release, Interval(small["laag"], small["hoog"]), rows, partial=summary.get("gedeeltelijk", False))


def _tables(private: Path) -> list[dict[Cell, int]]:
    try:
        rows = pq.read_table(private / CERTIFICATES, schema=CERTIFICATES_SCHEMA).to_pylist()
    except (OSError, pa.ArrowException) as problem:
        raise ProofError(f"{private.name} heeft geen leesbare {CERTIFICATES}") from problem
    tables: dict[int, dict[Cell, int]] = {}
    for row in rows:
        tables.setdefault(row["alternatief"], {})[Cell(*(row[name] for name in Cell._fields))] = row["waarde"]
    return list(tables.values())


def _said(public: Path, small: Interval) -> tuple[dict[Cell, Interval], list[str]]:
    """What the public files say of each count, in whichever column; and what they show that is made of a count that they do not show."""
    made_of = mask.made_of(parquet.read(public, "indicatoren"))
    said: dict[Cell, Interval] = {}
    shown: list[tuple[Cell, list[Cell]]] = []
    for row in [row for name in ("kerncijfers", "uitsplitsingen") for row in parquet.read(public, name)]:
        place = knowledge.cell(row)
        before = place._replace(schooljaar=mask.previous(place.schooljaar))
        parts = [place._replace(indicator=name) for name in made_of.get(place.indicator, ())]
        told = {part: row[column] for part, column in zip(parts, ("teller", "noemer"), strict=False)} | {before: row["vorige_waarde"]}
        statements = [(cell, Interval(value, value)) for cell, value in told.items() if value is not None]
        for cell, interval in [*statements, *([(place, known)] if (known := mask.said(row, small)) and not parts else [])]:
            said[cell] = interval.meet(said.get(cell, mask.NOTHING))
        earlier = [part._replace(schooljaar=before.schooljaar) for part in parts]
        made = {"percentage": parts, "vorig_percentage": earlier, "verschil_punten": [*parts, *earlier], "verschil": [place, before]}
        shown += [(place, of) for column, of in made.items() if row[column] is not None]
    hidden = [place for place, made in shown if any(cell in said and not said[cell].exact for cell in made)]
    return said, [f"{place} is openbaar, en niet elk aantal waarvan het is gemaakt" for place in dict.fromkeys(hidden)]


def _unfounded(asked: Requirements, lost: Iterable[str]) -> Iterator[str]:
    """Counts that are said to have been given away before, of which all was still possible; each may lean on those before it."""
    named = {str(cell): cell for cell in asked.needed}
    before = {cell: asked.known.public.get(cell, mask.NOTHING) for cell in asked.known.values}
    for name in lost:
        cell = named.get(name)
        try:
            follows = cell is not None and not audit.left(before, asked.known.relations, cell).covers(asked.needed[cell])
        except (ContradictionError, UndecidedError) as problem:
            yield f"{name} heet al openbaar, en daarover is geen uitsluitsel: {problem}"
            continue
        if cell is None or not follows:
            yield f"{name} heet al openbaar, en volgt niet uit wat eerder openbaar was"
        else:
            before[cell] = Interval(asked.known.values[cell], asked.known.values[cell])


def _differences(said: Mapping[Cell, Interval], told: Told) -> Iterable[str]:
    """Where the public files and the remembered facts are not about the same counts, or say something else of one."""
    for cell in dict.fromkeys((*said, *told.values)):
        if cell not in told.values:
            yield f"{cell} is openbaar, en staat niet in {FACTS}"
        elif cell not in said or told.values[cell] not in said[cell] or said[cell] != told.said(cell):
            yield f"{cell} zegt in de openbare bestanden iets anders dan in {FACTS}"
