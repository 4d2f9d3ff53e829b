"""One flipped bit anywhere in the lake, the warehouse or a release is refused, or has no effect on a figure; no reader sees its file.

Each flip is judged by what a night, a reader or a command calls, not by a whole night: twelve flips here, one of each kind of file;
`BITFLIPS=200` for the full run, which also builds the warehouse where a check lets a file pass. Each flip is undone afterwards.
"""

import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from conftest import Night, Place, copy_of

from expectations import contract, gate, verdict
from orchestration import whole
from orchestration.deliveries import empty, ledger
from orchestration.deliveries.pseudonym import PseudonymKeyError, load_key
from orchestration.lake.files import digest
from orchestration.lake.paths import EMPTY
from orchestration.publication import altered, register, release
from orchestration.publication.renderings import folder as renderings
from orchestration.settings import Settings
from orchestration.warehouse import build, nights, read

FLIPS = int(os.environ.get("BITFLIPS", "12"))
BUILDS = FLIPS > 12
FIGURES = ("jaarverslag.kerncijfers", "jaarverslag.uitsplitsingen")


class Flips:
    """A published lake, and for each kind of file where such a file is noticed."""

    def __init__(self, place: Place) -> None:
        self.lake = place.lake
        self.settings = Settings(lake=place.root, key_file=place.key_file)
        self.before = self.figures(self.lake.warehouse_current)
        self.kinds: dict[str, tuple[Callable[[], list[Path]], Callable[[Path], str]]] = {
            "rijen": (lambda: self.parquet(self.lake.rows), self.rows),
            "quarantaine": (lambda: self.parquet(self.lake.quarantine), self.rows),
            "leeg": (lambda: [*self.lake.rows.rglob(EMPTY), *self.lake.quarantine.rglob(EMPTY)], self.no_rows),
            "grootboek": (lambda: [*self.lake.ledger.rglob("*.json")], self.entry),
            "sleutelcontrole": (lambda: [self.lake.key_check], self.key_check),
            "release intern": (lambda: self.files(self.current("intern")), self.release),
            "release openbaar": (lambda: self.files(self.current("openbaar")), self.release),
            "weergaven": (lambda: self.files(self.lake.renderings_of("openbaar", "")), self.rendering),
            "magazijn": (lambda: [self.lake.warehouse_current.resolve()], self.warehouse),
            "poorten": (lambda: [*self.lake.gates.glob("*.json")], self.verdict),
            "register": (lambda: [self.lake.register], self.register),
            "wisselingen": (lambda: [self.lake.warehouse_record], self.swaps),
        }

    def parquet(self, zone: Path) -> list[Path]:
        return [path for path in zone.rglob("*.parquet") if path.name != EMPTY]

    def files(self, folder: Path) -> list[Path]:
        return [path for path in folder.rglob("*") if path.is_file()]

    def current(self, zone: str) -> Path:
        return (self.lake.published(zone) / "current").resolve()

    def figures(self, warehouse: Path) -> object:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return [connection.execute(f"from {table} order by all").fetchall() for table in FIGURES]

    # what notices a file of each kind

    def rows(self, path: Path) -> str:
        """A night repairs or refuses it, and a build refuses it; nothing that counts reads the quarantine of a refused delivery."""
        counting = {
            zone / name
            for entry in ledger.read(self.lake)
            if entry.oordeel in whole.COUNTS
            for part in entry.entiteiten
            for zone, name in ((self.lake.rows, part.rijen), (self.lake.quarantine, part.quarantaine))
            if name
        }
        if path in counting:
            with pytest.raises(whole.DamageError, match=path.name):
                build.build(self.settings, self.lake.warehouse_build)
            return "de bouw weigert"
        return self.built() if BUILDS else "van een geweigerde levering: telt niet"

    def built(self) -> str:
        results = build.build(self.settings, self.lake.warehouse_build)
        if any(result.status == "error" for result in results):
            return "de bouw mislukt"
        assert self.figures(self.lake.warehouse_build) == self.before
        return "gebouwd: geen cijfer anders"

    def no_rows(self, path: Path) -> str:
        damaged = path.read_bytes()
        for bron in contract.BRONNEN:
            empty.prepare(self.lake, bron)
        assert path.read_bytes() != damaged
        return "opnieuw geschreven"

    def entry(self, path: Path) -> str:
        for act in (lambda: ledger.read(self.lake), lambda: build.build(self.settings, self.lake.warehouse_build)):
            with pytest.raises(whole.DamageError, match=path.stem):
                act()
        return "het grootboek weigert"

    def key_check(self, path: Path) -> str:
        """A damaged seal may look like none; then the fingerprint itself is compared, and sealed again."""
        damaged = path.read_bytes()
        try:
            load_key(self.settings.key_file, self.lake)
        except (whole.DamageError, PseudonymKeyError):
            return "de sleutel weigert"
        assert path.read_bytes() != damaged and whole.unseal(path)[1]
        return "de vingerafdruk klopt: opnieuw verzegeld"

    def release(self, path: Path) -> str:
        """It is put aside, with every reader at another release or at none; afterwards it is put back, to flip another bit."""
        zone, name = path.parents[2].name, path.parent.name
        [sentence] = altered.put_aside(self.lake)
        assert path.name in sentence and not path.parent.exists()
        assert self.current(zone).name != name
        [aside] = (self.lake.set_aside / zone).iterdir()
        aside.rename(path.parent)
        release._point_at(self.lake.published(zone), name)
        return "opzijgezet"

    def rendering(self, path: Path) -> str:
        relative = path.relative_to(self.lake.renderings_of("openbaar", ""))
        if renderings.is_whole(self.lake.renderings_of("openbaar", relative.parts[0])):
            assert path.name == renderings.LIST  # a field that nobody reads
            return "geen cijfer erin"
        return "opnieuw gemaakt"

    def warehouse(self, path: Path) -> str:
        """It is never published from; analysts get an error, or every row of every table as it was."""
        with pytest.raises(gate.GateError):
            release.judged(self.lake)
        try:
            rows = self.every_row(path)
        except (duckdb.Error, read.DamagedWarehouseError) as problem:
            return f"DuckDB weigert ({type(problem).__name__})"
        assert rows == self.all_rows
        return "elke rij gelijk; publiceren weigert"

    def every_row(self, _path: Path) -> object:
        with read.opened(self.lake) as connection:
            names = connection.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
            assert len(names) > 20
            return [(name, connection.execute(f"select count(*), bit_xor(hash(t)) from {name} as t").fetchall()) for (name,) in names]

    def verdict(self, path: Path) -> str:
        with pytest.raises(gate.NoVerdictError, match=r"beschadigd|nog niets gekeurd"):
            verdict.read(path.stem, self.lake)
        return "het oordeel weigert"

    def register(self, _path: Path) -> str:
        with pytest.raises(whole.DamageError):
            register.lines(self.lake, "intern")
        with pytest.raises(whole.DamageError):
            altered.put_aside(self.lake)
        return "het register weigert"

    def swaps(self, _path: Path) -> str:
        with pytest.raises(whole.DamageError):
            nights.record(self.lake)
        return "rollback weigert"

    @contextmanager
    def flipped(self, path: Path, bit: int):
        kept = {one: one.read_bytes() for one in (path, self.lake.register)}
        damaged = bytearray(kept[path])
        damaged[bit // 8] ^= 1 << bit % 8
        path.chmod(0o600)
        path.write_bytes(damaged)
        try:
            yield
        finally:
            for one, content in kept.items():
                one.write_bytes(content)

    def run(self, number: int, seed: int = 15) -> Counter[tuple[str, str]]:
        chance = random.Random(seed)
        found: Counter[tuple[str, str]] = Counter()
        self.all_rows = self.every_row(self.lake.warehouse_current)
        for place in range(number):
            kind = list(self.kinds)[place % len(self.kinds)]
            files, noticed = self.kinds[kind]
            path = chance.choice(sorted(files()))
            bit = chance.randrange(path.stat().st_size * 8)
            with self.flipped(path, bit):
                found[kind, noticed(path)] += 1
        return found


def test_no_flipped_bit_reaches_a_figure(night: Night, tmp_path: Path) -> None:
    place = copy_of(night, tmp_path)
    published = {zone: digest((place.lake.published(zone) / "current").resolve()) for zone in ("intern", "openbaar")}
    flips = Flips(place)
    found = flips.run(FLIPS)
    for (kind, outcome), count in sorted(found.items()):
        sys.stdout.write(f"{kind:18} {outcome:45} {count:4}\n")
    assert sum(found.values()) == FLIPS and len({kind for kind, _ in found}) == len(flips.kinds)
    # every flip was undone: what the checks found was the flip, and nothing else
    whole.require(place.lake)
    assert altered.put_aside(place.lake) == []
    assert published == {zone: digest((place.lake.published(zone) / "current").resolve()) for zone in published}
    shutil.rmtree(place.root)
