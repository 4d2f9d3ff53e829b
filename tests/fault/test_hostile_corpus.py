"""The corpus of bad deliveries: in one run each gets its verdict, and the good delivery after them is loaded."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from case import LOADED, REFUSED, REJECTED, REPEATED, WAITS, WARNED, Case
from corpus import CASES
from leveringen import Landing, bsn, melding

from orchestration.deliveries import ingest, ledger, manifest
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.reasons import REASONS, REFUSALS, REJECTIONS

NINE = re.compile(rb"(?<![0-9a-f])[0-9]{9}(?![0-9a-f])")
LAST = "2025-06-01T02:00:00+02:00"


@dataclass(frozen=True)
class Ran:
    """The entries of all cases, by bron and name."""

    landing: Landing
    entries: dict[tuple[str, str], LedgerEntry]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    landing = Landing(tmp_path_factory.mktemp("corpus"))
    for case in CASES:
        if case.before:
            case.before(landing, case.id)
    landing.ingest("duo")
    for case in CASES:
        case.make(landing, case.id)
    landing.meldingen("zz-goed", [melding(99_999)], kennisdatum=LAST)
    seen = {entry.manifest_sha256 for entry in ledger.read(landing.lake)}
    entries = [entry for bron in ("monitor", "duo", "carel") for entry in landing.ingest(bron, apart=True)]
    return Ran(landing, {(entry.bron, entry.levering): entry for entry in entries if entry.manifest_sha256 not in seen})


def name_of(case: Case, ran: Ran) -> str:
    """Return the name in the ledger, which is a sanitized one for a folder with an invalid name."""
    if not case.levering:
        return case.id
    start = case.levering.partition("~")[0]
    return next(name for _, name in ran.entries if name.startswith(start) and "~" in name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_gets_its_verdict(ran: Ran, case: Case):
    if case.verdict == WAITS:
        assert (case.bron, case.id) in [(folder.bron, folder.levering) for folder in ingest.waiting(ran.landing.lake)]
        return
    entry = ran.entries[case.bron, name_of(case, ran)]
    rejected = [row for place in range(len(entry.entiteiten)) for row in ran.landing.rejected(entry, place)]
    if case.verdict == REFUSED:
        assert (entry.oordeel, entry.code) == ("geweigerd", case.code), entry.reden
        assert case.reden in entry.reden
        assert entry.reden.startswith("levering.json: ") or case.code != "manifest_ongeldig"
        assert not any(entity.rijen for entity in entry.entiteiten)
        return
    if case.verdict == REPEATED and not entry.entiteiten:
        assert (entry.oordeel, entry.code) == ("herhaald", "")
        return
    (entity,) = entry.entiteiten
    assert entry.accepted, entry.reden
    assert (entity.geladen > 0) or case.id == "leeg-mutatie"
    assert entity.gelezen == entity.geladen + entity.herhaald + entity.afgewezen
    warned = entity.waarschuwingen | entity.waarschuwingen_van_rijen
    assert {row["code"] for row in rejected} == ({case.code} if case.verdict == REJECTED else set())
    assert set(warned) == ({case.code} if case.verdict == WARNED else set())
    assert bool(entity.herhaald) is (case.verdict == REPEATED)
    assert all(row["regel"] for row in rejected), "its line is needed to correct it"


def test_a_good_delivery_is_loaded_in_the_same_run(ran: Ran):
    assert ran.entries["duo", "zz-goed"].accepted


def test_the_corpus_is_large_enough_and_has_every_code():
    assert len(CASES) >= 60
    assert len({case.id for case in CASES}) == len(CASES)
    bad = [case for case in CASES if case.verdict != LOADED]
    assert len(bad) >= 60
    assert {case.code for case in CASES} >= {reason.code for reason in (*REFUSALS, *REJECTIONS)}
    assert all(case.code in REASONS for case in CASES if case.code)


def test_no_identifier_reaches_a_message_the_ledger_or_the_quarantine(ran: Ran):
    lake = ran.landing.lake
    delivered = {found for path in lake.landing.rglob("*") if path.is_file() for found in NINE.findall(path.read_bytes()[:100_000])}
    delivered |= {bsn(n).encode() for n in (1_234_567, 32_000_000, 32_100_000)}
    assert len(delivered) > 40
    for path in lake.ledger.rglob("*.json"):
        assert not [number for number in delivered if number in path.read_bytes()], path.name
    for row in rows_in(lake.quarantine):
        assert not [number for number in delivered if number in str(row).encode()], row


def test_no_control_or_direction_mark_reaches_a_message(ran: Ran):
    texts = [entry.reden + entry.levering for entry in ran.entries.values()]
    texts += [row["waarde"] for row in rows_in(ran.landing.lake.quarantine)]
    assert all(text.isprintable() for text in texts)
    assert max(map(len, texts)) < 300


def rows_in(folder: Path) -> list[dict[str, Any]]:
    return [row for path in folder.rglob("*.parquet") for row in pq.read_table(path).to_pylist()]


def test_a_folder_with_an_invalid_name_gets_a_sanitized_and_unique_one():
    names = ["een:map", "een?map", "een\u202emap", "van 123456782", "x" * 200, "\udcff"]
    known = {manifest.ledger_name(name) for name in names}
    assert len(known) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9._+~-]{1,110}", name) and "123456782" not in name for name in known)
    for name in ("20250303T020000", "3 maart (opnieuw)", "één mapje"):
        assert manifest.ledger_name(name) == name
