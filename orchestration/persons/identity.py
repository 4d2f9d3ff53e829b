"""Which rows of the lake are of one person: by its numbers, and by the onderwijsnummers that deliveries couple to its BSN.

Put here: numbers → pseudonyms → rows. Keep out: what is done with the rows. The coupling is that of `int_koppeling`: of each
onderwijsnummer the BSN that was delivered last counts; then a BSN that was replaced stands for the newest one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from expectations import contract as contracts
from expectations.contract import PSEUDONYM, Entity
from orchestration import parquet_file
from orchestration.deliveries.identifiers import REMAINDERS, are_valid
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.pseudonym import Pseudonymiser
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake

pc: Any = pyarrow.compute
BSN = f"bsn{PSEUDONYM}"
SIGNS = re.compile(r"[\s.\-]")
Place = tuple[str, str]  # bron and entiteit
Numbers = tuple[tuple[str, str], ...]  # of one person, each with its kind


class PersonError(LeerplichtError):
    """A person that cannot be looked up, or not be erased; the message is one Dutch sentence without a number."""


@dataclass(frozen=True)
class Person:
    """One person.

    Args:
        numbers: Its numbers as given, with their kind.
        pseudonyms: The pseudonyms of these, of the onderwijsnummers that are coupled to its BSN, and of its earlier BSNs.
        keys: Of each entiteit the keys of its loaded records.
    """

    numbers: Numbers = field(repr=False)
    pseudonyms: frozenset[str] = field(repr=False)
    keys: dict[Place, frozenset[str]] = field(repr=False, default_factory=dict)

    def in_rows(self, place: Place, table: pa.Table) -> np.ndarray:
        """Return a mask of the rows of an entiteit that name it, or a record that does."""
        masks = [pc.is_in(table[name], value_set=_values(self.pseudonyms)) for name in named(table.column_names)]
        owner = entity_at(place).belongs_to
        if owner and owner.column in table.column_names:
            masks.append(pc.is_in(table[owner.column], value_set=_values(self.keys.get((owner.bron, owner.entity), ()))))
        return _any(table.num_rows, masks)

    def in_rejected(self, place: Place, table: pa.Table) -> np.ndarray:
        """Return a mask of the rejected rows that name it, in a column or their key, or name nobody and have the key of its record.

        Of a replaced BSN only the key has the pseudonym. An earlier version of leerplicht kept of a rejected row no more than its key.
        """
        mine, owner = self.in_rows(place, table), entity_at(place).belongs_to
        somebody = _any(table.num_rows, [pc.is_valid(table[name]) for name in named(table.column_names)])
        keys = table["sleutel"].to_pylist()
        parts = np.array([key is not None and not self.pseudonyms.isdisjoint(key.split("|")) for key in keys], dtype=bool)
        of_whom = (owner.bron, owner.entity) if owner else place
        known = pc.is_in(table["sleutel"], value_set=_values(self.keys.get(of_whom, ())))
        found: np.ndarray = mine | parts | (~somebody & _any(table.num_rows, [known]))
        return found


def parse_numbers(text: str) -> Numbers:
    """Return the numbers in a text, one a line, with their kind.

    Raises:
        PersonError: A line is no BSN and no onderwijsnummer, or there is none.
    """
    found = []
    for place, line in enumerate(text.splitlines(), 1):
        if number := SIGNS.sub("", line):
            kind = next((kind for kind in REMAINDERS if are_valid(kind, pa.array([number], pa.string())).any()), None)
            if kind is None:
                raise PersonError(f"regel {place} is geen BSN en geen onderwijsnummer: negen cijfers die de elfproef doorstaan")
            found.append((kind, number))
    if not found:
        raise PersonError("geef een BSN of een onderwijsnummer, op een eigen regel; van één persoon mogen het er meer zijn")
    if len({number for kind, number in found if kind == "bsn"}) > 1:
        raise PersonError("dit zijn twee BSN's, en dus twee personen; geef er één tegelijk")
    return tuple(found)


def find(lake: Lake, entries: Iterable[LedgerEntry], key: bytes, numbers: Numbers) -> Person:
    """Look a person up.

    Args:
        lake: The lake.
        entries: All its deliveries.
        key: The key of its pseudonyms.
        numbers: The numbers of the person, with their kind.
    """
    entries = list(entries)
    pseudonymiser = Pseudonymiser(key)
    given = {pseudonymiser.one(kind, number) for kind, number in numbers}
    coupled = coupling(lake, entries)
    given |= {coupled[one] for one in given if one in coupled}
    given |= {onderwijsnummer for onderwijsnummer, bsn in coupled.items() if bsn in given}
    return with_keys(lake, entries, Person(numbers, frozenset(given)))


def with_keys(lake: Lake, entries: Iterable[LedgerEntry], person: Person) -> Person:
    """Return a person, or several as one, with the keys of their loaded records."""
    keys: dict[Place, set[str]] = {}
    for place, path in rows_of(lake, entries):
        if columns := person_columns(place):
            table = parquet_file.read(path, columns=[*columns, "sleutel"])
            found = table["sleutel"].filter(pa.array(person.in_rows(place, table))).to_pylist()
            keys.setdefault(place, set()).update(map(str, found))
    return replace(person, keys={place: frozenset(found) for place, found in keys.items()})


def coupling(lake: Lake, entries: Iterable[LedgerEntry]) -> dict[str, str]:
    """Return for each onderwijsnummer and each replaced BSN the newest BSN of its person, as pseudonyms.

    Of an onderwijsnummer, and of a replaced BSN, the BSN that was delivered with it last counts.
    """
    ordered = sorted((entry for entry in entries if entry.accepted and entry.instant), key=lambda entry: (entry.instant, entry.levering))
    found: dict[str, str] = {}
    for entry in ordered:
        pairs = set()
        for place, path in rows_of(lake, [entry]):
            if columns := person_columns(place):
                table = parquet_file.read(path, columns=columns).drop_null()
                pairs |= set(zip(*(table[name].to_pylist() for name in reversed(columns)), strict=True))
        found |= dict(sorted(pairs, reverse=True))  # of several in one delivery the first
    return {one: _newest(one, found) for one in found}


def _newest(one: str, next_of: dict[str, str]) -> str:
    """Follow a chain of numbers to its end; of a circle, which several deliveries can make, the first in sort order stands for all."""
    chain = [one]
    while following := next_of.get(chain[-1]):
        if following in chain:
            return min(chain[chain.index(following) :])
        chain.append(following)
    return chain[-1]


def rows_of(lake: Lake, entries: Iterable[LedgerEntry]) -> Iterator[tuple[Place, Path]]:
    """Yield the files of rows with persons of some deliveries, each once, with their bron and entiteit."""
    named_in = {part.rijen: (entry.bron, part.entiteit) for entry in entries for part in entry.entiteiten if part.rijen}
    for name, place in named_in.items():
        if name and has_persons(entity_at(place)):
            yield place, lake.rows / name


def entity_at(place: Place) -> Entity:
    """Return the entiteit of a place."""
    bron, entiteit = place
    return contracts.load(bron).entities[entiteit]


def has_persons(entity: Entity) -> bool:
    """Return whether the rows of an entiteit are of a person, by a number or by a record that they name."""
    return entity.belongs_to is not None or any(column.is_identifier for column in entity.columns)


def named(columns: Iterable[str]) -> list[str]:
    """Return the columns of rows that name a person."""
    return [name for name in columns if name.endswith(PSEUDONYM)]


def person_columns(place: Place) -> list[str]:
    """Return the two columns of an entiteit that name a person: first its BSN, then its onderwijsnummer or the BSN that it had; or none."""
    return sorted(named(entity_at(place).lake_schema.names), key=lambda name: name != BSN)


def _values(texts: Iterable[str]) -> Any:
    return pa.array(sorted(texts), pa.string())


def _any(rows: int, masks: Iterable[Any]) -> np.ndarray:
    found = np.zeros(rows, dtype=bool)
    for mask in masks:
        found |= np.asarray(mask.to_numpy(), dtype=bool)
    return found
