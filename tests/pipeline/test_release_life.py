"""The life of a release on the real example: published in both zones, approved, compared, and made again from the lake."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from conftest import Place, copy_of
from leveringen import melding, to_csv
from prebuilt import First

from orchestration.deliveries import deliver, ingest
from orchestration.publication import integrity, register
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def later(night, tmp_path_factory) -> Place:
    """The published example, and a delivery that arrived after its releases with an earlier kennisdatum."""
    here = copy_of(night, tmp_path_factory.mktemp("later"))
    settings = Settings(lake=here.root, key_file=here.key_file)
    file = here.root.parent / "verzuimmelding.csv"
    file.write_bytes(to_csv([melding(1)]))
    deliver.deliver(settings, "duo", [f"verzuimmelding={file}"], "mutatie", datetime.fromisoformat("2025-01-15T02:00:00+01:00"))
    [entry], _ = ingest.ingest(settings, "duo", "later")
    assert entry.accepted, entry.reden
    return here


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> First:
    return First(tmp_path_factory.mktemp("gebouwd") / "build")


@pytest.mark.parametrize("zone", register.ZONES)
def test_verify_rebuilds_every_byte_despite_later_deliveries(later: Place, first: First, zone: str):
    """Both releases are of the same deliveries; the warehouse is rebuilt for the first of them."""
    verify = later.forked_leerplicht("verify", "current", "--zone", zone, before=first.install)
    assert verify.wait() == 0, verify.told()
    assert "elke byte is gelijk" in verify.told()
    assert "Traceback" not in verify.told()
    assert not later.lake.rebuilt.exists()


def test_the_first_night_published_openbaar_and_the_second_nothing_new(night):
    [line] = register.lines(night.lake, "openbaar")
    assert line.wat == "gepubliceerd"
    zone = night.lake.published("openbaar")
    [folder] = (zone / "releases").iterdir()
    integrity.check(folder)
    assert (zone / "current").resolve() == folder
    assert (night.lake.proof_of(folder.name) / "bescherming.json").is_file()
    for output in (night.first, night.second):
        assert "emitted no result" not in output.stderr


def test_openbaar_holds_nothing_that_leads_to_intern(night):
    zone, intern = night.lake.published("openbaar"), night.release.resolve()
    public = b"".join(path.read_bytes() for path in zone.rglob("*") if path.is_file() and ".kandidaat" not in path.parts)
    sums = dict(reversed(line.split("  ")) for line in (intern / "SHA256SUMS").read_text().splitlines())
    secrets = [
        intern.name.partition("-")[2],
        *(sums[f"{name}.parquet"] for name in ("kerncijfers", "uitsplitsingen", "poorten", "leveringen")),
    ]
    secrets += [delivery["sha256"] for delivery in json.loads((intern / "manifest.json").read_text())["leveringen"]]
    assert len(secrets) > 15
    assert not [secret for secret in secrets if secret.encode() in public]


def test_an_approved_release_is_definitief_for_all_readers(later: Place):
    """In both zones, and on everything that people look at: the portal, the factsheets."""
    public = Path(later.lake.published("openbaar") / "current").resolve().name
    rendered = later.lake.renderings_of("openbaar", public)
    before = {path.name: path.read_bytes() for path in rendered.rglob("*") if path.suffix in (".html", ".pdf")}
    done = later.leerplicht("approve", public[:20], "--by", "J. Jansen")
    assert done.returncode == 0, done.stderr
    for zone in register.ZONES:
        said = json.loads((later.lake.published(zone) / "current.json").read_text())
        assert said["status"] == "definitief" and said["release"] in done.stdout
    pages = {path.name: path.read_bytes() for path in rendered.rglob("*") if path.suffix in (".html", ".pdf")}
    assert pages.keys() == before.keys()
    # the page that another site frames takes its status from the data beside it
    assert {name for name in pages if pages[name] == before[name]} <= {"insluiten.html"}
    for name in ("index.html", "factsheet-0164.html"):
        assert re.search(rb"[Dd]efinitie(f|ve)\b", pages[name]) and not re.search(rb"[Dd]efinitie(f|ve)\b", before[name]), name
    assert "J. Jansen" not in "".join(path.read_text() for path in later.lake.published("openbaar").glob("*.json"))
    again = later.leerplicht("approve", "current", "--by", "J. Jansen")
    assert (again.returncode, "is al definitief" in again.stderr) == (1, True)
