"""The order of arrival, repeats and power cuts do not change which deliveries are accepted, nor their rows and counts.

For each content (files, kennisdatum, aard), the test compares the verdicts under all its names and, for the accepted one, the counts in
the ledger and the bytes of its Parquet; not its name, time or run. Two outcomes depend on the order by design and are excluded: which of
two names of the same content is the repeat, and a name that is used for two contents.

How many known records a full register ends depends on the deliveries accepted so far, so a late one may get other counts and another
verdict than a timely one. The counts are not compared, and the share that a register must hold is 0 here, so that it refuses none.

A withdrawn delivery leaves the state as if it, and its repeats, were never delivered; accepting it again restores it.
`test_whole_pipeline.py` compares the tables and figures.

Files are tiny and parsed once, in this process: the test covers everything around parsing. 1,000 sequences run in 25 s on one core.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from leveringen import Landing, melding, to_csv

from orchestration.deliveries import decide, ingest, ledger, stored, verdict
from orchestration.deliveries.parse import ReadRequest, ReadResult, local_time, parse
from orchestration.settings import Settings

SEQUENCES = 1_000
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the test creates and removes thousands of small lakes
MOMENTS = ("2025-03-03T02:00:00+01:00", "2025-03-03T01:00:00+00:00", "2025-03-06T02:00:00+01:00", "2025-03-12T02:00:00+01:00")
CONTENTS: dict[str, tuple[str, list[dict[str, str]]]] = {
    "two": ("mutatie", [melding(1), melding(2)]),
    "corrected": ("mutatie", [melding(1, UREN="20", TIJDSTIP_LAATSTE_MUTATIE="13:00:00")]),
    "rejected": ("mutatie", [melding(3, UREN="x"), melding(4), melding(4), melding(5), melding(5, UREN="9")]),
    "ahead": ("mutatie", [melding(6, DATUM_MELDING="2026-03-05"), melding(7)]),  # out of range for the first moments only
    "register": ("volledig", [melding(1), melding(8), melding(9)]),
    "register again": ("volledig", [melding(1), melding(8), melding(10)]),
    "all wrong": ("mutatie", [melding(n, UREN="x") for n in range(20, 26)]),
    "empty": ("volledig", []),
}


class PowerCut(BaseException):
    """A BaseException, so that no code catches it."""


@dataclass
class Remembering:
    """Parses each request once and returns copies of its files."""

    folder: Path
    known: dict[object, tuple[ReadResult, Path]] = field(default_factory=dict)

    def read(self, request: ReadRequest) -> ReadResult:
        about = tuple((file.naam, file.entiteit, file.sha256, file.rijen) for file in request.files)
        key = (about, request.entities, local_time(request.instant).date(), request.out is None)
        if key not in self.known:
            out = self.folder / str(len(self.known))
            out.mkdir()
            self.known[key] = (parse(replace(request, out=out if request.out else None)), out)
        parsed, out = self.known[key]
        if request.out:
            shutil.copytree(out, request.out, dirs_exist_ok=True)
        return parsed


@dataclass
class Fuse:
    """Raises `PowerCut` at the n-th step, and leaves temporary files in place."""

    steps: int
    blown: bool = False

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0 and not self.blown:
            self.blown = True
            raise PowerCut

    def around(self, work: Any) -> Any:
        """Return the same function, with a step before and after it."""

        def careful(*arguments: Any, **named: Any) -> Any:
            self.step()
            result = work(*arguments, **named)
            self.step()
            return result

        return careful

    def replace_bytes(self, path: Path, content: bytes) -> None:
        """Do the same as `files.replace_bytes`, with a step before each of its operations; after the first half of the file is written."""
        self.step()
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.9.tmp")
        temporary.write_bytes(content[: len(content) // 2])
        self.step()
        temporary.write_bytes(content)
        self.step()
        temporary.replace(path)
        self.step()

    def remove(self, path: Path) -> None:
        if not self.blown:
            shutil.rmtree(path)


@contextmanager
def power(fuse: Fuse | None) -> Iterator[None]:
    if fuse is None:
        yield
        return
    with (
        patch.object(stored, "move", fuse.around(stored.move)),
        patch.object(verdict, "remove", fuse.remove),
        patch.object(ledger, "replace_bytes", fuse.replace_bytes),
        patch.object(Remembering, "read", fuse.around(Remembering.read)),
        suppress(PowerCut),
    ):
        yield


@dataclass(frozen=True)
class Delivery:
    """A delivery, by its content, kennisdatum and name."""

    name: str
    content: str
    moment: int

    def write(self, landing: Landing) -> None:
        aard, rows = CONTENTS[self.content]
        landing.write(
            self.name, {"verzuimmeldingen.csv": to_csv(rows)}, rijen=len(rows), aard=aard, kennisdatum=MOMENTS[self.moment]
        )  # fmt: skip


@st.composite
def sequences(draw: st.DrawFn) -> tuple[list[Delivery], list[list[Delivery]], list[int | None]]:
    """Draw deliveries, a division over nights in another order, and the step of a power cut in each night."""
    drawn = draw(st.lists(st.tuples(st.sampled_from(sorted(CONTENTS)), st.integers(0, len(MOMENTS) - 1)), min_size=1, max_size=5))
    names = draw(st.permutations("abcde"[: len(drawn)]))
    deliveries = [Delivery(name, *about) for name, about in zip(names, drawn, strict=True)]
    arrived = draw(st.permutations(deliveries))
    ends = sorted(draw(st.sets(st.integers(1, len(arrived)), max_size=3)) | {len(arrived)})
    nights = [list(arrived[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
    cuts = draw(st.lists(st.none() | st.integers(0, 25), min_size=len(nights), max_size=len(nights)))
    return deliveries, nights, cuts


def state(landing: Landing) -> dict[tuple[str, Any, str | None], tuple[list[tuple[str, str, str]], list[Any]]]:
    """Return the state of the lake by content: the verdicts and, for the accepted one, its counts and the bytes of its rows."""
    found: dict[tuple[str, Any, str | None], tuple[list[tuple[str, str, str]], list[Any]]] = {}
    for entry in ledger.read(landing.lake, "duo"):
        verdicts, rows = found.setdefault((entry.sha256, entry.instant, entry.aard), ([], []))
        verdicts.append((entry.oordeel, entry.code, "" if entry.oordeel == "herhaald" else entry.reden))
        verdicts.sort()
        if entry.accepted:
            assert not rows, "one content was accepted twice"
            for entity in entry.entiteiten:
                paths = (landing.lake.rows / (entity.rijen or ""), landing.lake.quarantine / (entity.quarantaine or ""))
                digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()]
                rows.append((entity.model_dump(exclude={"rijen", "quarantaine", "bekend", "eindigt"}), digests))
    return found


def nights_of(folder: Path, key: Path, nights: list[list[Delivery]], cuts: list[int | None], reader: Remembering) -> Landing:
    """Ingest deliveries night by night, and then one more night without a power cut."""
    landing = Landing(folder)
    shutil.copytree(key, folder / "sleutel")
    for night, cut in zip([*nights, []], [*cuts, None], strict=True):
        for delivery in night:
            delivery.write(landing)
        with power(None if cut is None else Fuse(cut)):
            ingest.ingest(settings_of(landing), "duo", "proef", read=reader.read)
    return landing


@cache
def _settings() -> Settings:
    return Landing(Path("nergens")).settings(min_volume_share=0)


def settings_of(landing: Landing) -> Settings:
    """Return `landing.settings()` without reading the environment, which takes half of a sequence's time."""
    return _settings().model_copy(update={"lake": landing.lake.root, "key_file": landing.root / "sleutel" / "geheim.key"})


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one key for all lakes: with another one the same rows have other bytes."""
    landing = Landing(tmp_path_factory.mktemp("sleutel"))
    landing.meldingen("a", [melding(1)])
    landing.ingest()
    return landing.root / "sleutel"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Remembering:
    return Remembering(tmp_path_factory.mktemp("gelezen"))


@hypothesis_settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None)
@given(sequence=sequences())
def test_order_repeats_and_power_cuts_change_nothing(sequence: Any, key: Path, reader: Remembering):
    deliveries, nights, cuts = sequence
    timely = sorted(deliveries, key=lambda delivery: (datetime.fromisoformat(MOMENTS[delivery.moment]), delivery.name))
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, patch("os.fsync"):
        expected = state(nights_of(Path(folder) / "a", key, [[delivery] for delivery in timely], [None] * len(timely), reader))
        landing = nights_of(Path(folder) / "b", key, nights, cuts, reader)
        assert state(landing) == expected
        assert sum(len(verdicts) for verdicts, _ in expected.values()) == len(deliveries), "each delivery is on record once"
        assert ingest.ingest(settings_of(landing), "duo", "proef", read=reader.read) == ([], [])


@hypothesis_settings(max_examples=SEQUENCES // 4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(sequence=sequences(), choice=st.integers(0, 4))
def test_a_withdrawn_delivery_was_never_delivered(sequence: Any, choice: int, key: Path, reader: Remembering):
    _, nights, cuts = sequence
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, patch("os.fsync"):
        landing = nights_of(Path(folder) / "a", key, nights, cuts, reader)
        settings, before = settings_of(landing), state(landing)
        accepted = [entry for entry in ledger.read(landing.lake, "duo") if entry.accepted]
        assume(accepted)
        chosen = accepted[choice % len(accepted)]
        same = {entry.levering for entry in ledger.read(landing.lake, "duo") if entry.content == chosen.content}
        decide.withdraw(settings, "duo", chosen.levering, "omdat", "Jansen")
        others = [[delivery for delivery in night if delivery.name not in same] for night in nights]
        never = nights_of(Path(folder) / "b", key, others, cuts, reader)
        assert {content: found for content, found in state(landing).items() if content != chosen.content[1:]} == state(never)
        assert not state(landing)[chosen.content[1:]][1]
        assert ingest.ingest(settings, "duo", "proef", read=reader.read) == ([], [])
        decide.accept(settings, "duo", chosen.levering, "toch", "Jansen")
        assert state(landing) == before


def test_the_fuse_reaches_every_step(key: Path, reader: Remembering, tmp_path: Path):
    """Each cut leaves a lake that the next night completes; a delivery has ten steps, fewer than the property tries."""
    deliveries = [Delivery("a", "rejected", 0)]
    whole = state(nights_of(tmp_path / "heel", key, [deliveries], [None], reader))
    blown = 0
    for cut in range(26):
        folder = tmp_path / str(cut)
        landing = Landing(folder)
        shutil.copytree(key, folder / "sleutel")
        deliveries[0].write(landing)
        fuse = Fuse(cut)
        with power(fuse):
            ingest.ingest(landing.settings(), "duo", "proef", read=reader.read)
        blown += fuse.blown
        ingest.ingest(landing.settings(), "duo", "proef", read=reader.read)
        assert state(landing) == whole
    assert blown == 10
