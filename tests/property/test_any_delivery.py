"""No delivery can harm a later night: whatever a manifest says, it gets a verdict, and the models of the ledger build.

The fuzz tries a hundred manifests, or as many as `FUZZ_MANIFESTS` says. The build reads the entries of all of them, entries as an earlier
version may have written them, and one good delivery.
"""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from leveringen import Landing, melding, to_csv
from models import Models

from expectations.contract import BRONNEN
from expectations.suites import bronnen
from orchestration.deliveries import ledger
from orchestration.deliveries.ledger import LedgerEntity, LedgerEntry
from orchestration.deliveries.reasons import REFUSAL_RANK

MANIFESTS = int(os.environ.get("FUZZ_MANIFESTS", "100"))
LONG = "n" * 5000
PER_RUN = 20  # deliveries per example
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
GOOD = "2025-03-03T02:00:00+01:00"
CONTENT = to_csv([melding(1)])

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "duo", "carel", "verzuimmelding", "incident", "'\"[]{}*?", "a" * 5000, "\ud800", "\0", "é" * 300, "..", "x/y", "–\u202e"]
    ),
)
NUMBERS = st.one_of(
    st.integers(), st.sampled_from([0, 1, 2**31, 2**63, 10**9, 10**9 + 1, 10**19, 10**30, -1, 10**400, 1.5, float("nan"), float("inf")])
)
MOMENTS = st.sampled_from(
    [
        "2025-W10-1T02:00:00+01:00", "20250303T020000+0100", "2025-03-03T02:00+01:00", "2025-03-03T02+01:00", "2025-03-03T02:00:00,5+01:00",
        "2025-03-03T02:00:00.123456789+01:00", "2025-03-03 02:00:00Z", "2025-03-03x02:00:00+01:00", "2025-03-03T02:00:00+01:00:30",
        "1990-01-01T00:00:00+23:59", "2100-12-31T23:59:59-23:59", "1989-12-31T00:00:00Z", "2101-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "2025-03-03T24:00:00Z", "2025-03-03\ud80002:00:00+01:00",
        "2025-03-03\n02:00:00+01:00", "2025-03-03'02:00Z",
    ]
)  # fmt: skip
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def replaced(good: dict[str, Any], odd: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return the good fields with up to two of them replaced by an odd value, by anything or by nothing."""

    @st.composite
    def draw(draw: st.DrawFn) -> dict[str, Any]:
        fields = dict(good)
        for name in draw(st.sets(st.sampled_from(sorted(good)), max_size=2)) if draw(st.booleans()) else ():
            value = draw(st.one_of(odd[name], ANYTHING, st.just(...)))
            fields.pop(name) if value is ... else fields.update({name: value})
        return fields

    return draw()


@st.composite
def manifests(draw: st.DrawFn, name: str) -> bytes:
    """Draw the bytes of a manifest: a good one, one with odd fields, or no manifest at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(
            st.one_of(st.binary(max_size=50), st.sampled_from([b"[" * 50_000, b'{"a":' * 20_000, b"1" * 5000, b"NaN", b"\xef\xbb\xbf{}"]))
        )
    file = {
        "naam": "verzuimmeldingen.csv",
        "entiteit": "verzuimmelding",
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "rijen": 1,
        "blad": None,
    }
    odd_file = {"naam": TEXTS, "entiteit": TEXTS, "sha256": TEXTS, "rijen": NUMBERS, "blad": TEXTS}
    files = (
        draw(st.lists(replaced(file, odd_file), max_size=2))
        if draw(st.booleans())
        else [file] * draw(st.sampled_from([0, 1, 1, 1, 2, 1200]))
    )
    kinds = st.sampled_from(["volledig", "mutatie"])
    good = {
        "bron": "duo",
        "levering": name,
        "kennisdatum": draw(st.sampled_from([GOOD, GOOD, ...])),
        "aard": draw(kinds),
        "bestanden": files,
    }
    if good["kennisdatum"] is ...:
        good["kennisdatum"] = draw(MOMENTS)
    content = draw(replaced(good, {"bron": TEXTS, "levering": TEXTS, "kennisdatum": TEXTS, "aard": kinds, "bestanden": ANYTHING}))
    raw = json.dumps(content).encode()
    if draw(st.integers(0, 9)) == 0:  # a duplicate key
        raw = raw[:-1] + b', "aard": "mutatie", "kennisdatum": "2025-03-03T02:00:00+01:00"}'
    return raw


FOLDERS = st.sampled_from(["", "'", "[x]", "*", " x", "é", "\u202e", "x" * 150, "123456782", ".a", "--"])
CONTENTS = st.sampled_from([CONTENT] * 6 + [b"", b"\0", CONTENT[:-5], None])


@st.composite
def landings(draw: st.DrawFn) -> list[tuple[str, bytes, bytes | None]]:
    """Draw folders with their manifest and their file."""
    found = []
    for number in range(PER_RUN):
        name = f"n{number:02d}" + (draw(FOLDERS) if draw(st.integers(0, 4)) == 0 else "")
        found.append((name, draw(manifests(name)), draw(CONTENTS)))
    return found


def write(landing: Landing, delivered: list[tuple[str, bytes, bytes | None]]) -> None:
    for name, manifest, content in delivered:
        folder = landing.lake.landing / "duo" / name
        folder.mkdir(parents=True)
        (folder / "levering.json").write_bytes(manifest)
        if content is not None:
            (folder / "verzuimmeldingen.csv").write_bytes(content)


def judged(landing: Landing, delivered: list[tuple[str, bytes, bytes | None]]) -> list[LedgerEntry]:
    """Ingest the deliveries; check that each has a verdict with a known code, which stays."""
    write(landing, delivered)
    entries = landing.ingest(max_rejected_rows=1000)
    assert len(entries) == len(delivered)
    for entry in entries:
        assert entry.code in REFUSAL_RANK if entry.oordeel == "geweigerd" else entry.code == ""
        assert entry.reden.isprintable() and len(entry.reden) < 300
    assert landing.ingest() == []
    return entries


SEEN: dict[str, int] = {}


@hypothesis_settings(
    max_examples=max(1, MANIFESTS // PER_RUN), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(delivered=landings())
def test_every_manifest_gets_a_verdict(delivered: list[tuple[str, bytes, bytes | None]]):
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for entry in judged(Landing(Path(folder)), delivered):
            verdict = entry.code or entry.oordeel
            SEEN[verdict] = SEEN.get(verdict, 0) + 1


def test_the_fuzz_reached_good_and_bad_deliveries():
    assert SEEN.keys() >= {"geaccepteerd", "manifest_ongeldig", "levering_leeg"}


def earlier(number: int, rijen: int, kennisdatum: str, *, moment: bool) -> bytes:
    """Return an entry as an earlier version could have written it."""
    count = {
        "entiteit": "verzuimmelding",
        "gelezen": rijen,
        "geladen": rijen,
        "herhaald": 0,
        "afgewezen": 0,
        "rijen": None,
        "quarantaine": None,
    }
    part = LedgerEntity.model_validate(count | {"afgewezen_per_code": {"getal_ongeldig": rijen}, "waarschuwingen": {}})
    entry = {
        "bron": "duo", "levering": f"oud-{number}", "kennisdatum": kennisdatum, "aard": "mutatie", "oordeel": "geweigerd",
        "code": "rijen_wijken_af", "reden": "'x' [y] {z}", "sha256": "a", "manifest_sha256": f"{number:064d}",
        "gezien": "2025-01-01T02:00:00+00:00", "run": "",
        "entiteiten": [part.model_dump()],
        "bestanden": [{"entiteit": "x", "blad": None, "sha256": "", "rijen": rijen, "naam": f"{n}\"'[]{{}}é" + LONG} for n in range(3)],
    }  # fmt: skip
    return json.dumps(entry | ({"kennisdatum_utc": None} if moment else {})).encode()


EARLIER = st.tuples(st.sampled_from([-1, 2**62, 2**63 - 1, 10**19, 10**30, 10**400]), MOMENTS.filter(str.isprintable), st.booleans())


@hypothesis_settings(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(delivered=landings(), old=st.lists(EARLIER, min_size=6, max_size=6))
def test_after_any_delivery_the_next_night_builds(
    models: Models, delivered: list[tuple[str, bytes, bytes | None]], old: list[tuple[int, str, bool]]
):
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        landing = Landing(Path(folder))
        (landing.lake.ledger / "duo").mkdir(parents=True)
        for number, (rijen, kennisdatum, moment) in enumerate(old):
            (landing.lake.ledger / "duo" / f"oud-{number}@{'0' * 12}.json").write_bytes(earlier(number, rijen, kennisdatum, moment=moment))
        entries = judged(landing, delivered)
        landing.meldingen("goed", [melding(7)], kennisdatum="2025-06-01T02:00:00+02:00")
        (good,) = landing.ingest()
        for bron in {*BRONNEN} - {"duo"}:
            landing.ingest(bron)
        assert good.accepted
        with models.run(landing.lake) as connection:
            [(count,)] = connection.execute("select count(*) from kern.levering").fetchall()
            [(loaded,)] = connection.execute("select count(*) from kern.melding where levering = 'goed'").fetchall()
            connection.execute("select * from kern.kwaliteit").fetchall()
        assert (count, loaded) == (len(entries) + len(old) + 1, 1)
        assert [table.size for table in bronnen.tables(landing.lake)]
        assert len(ledger.read(landing.lake)) == count
