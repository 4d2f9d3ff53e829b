"""`leerplicht verify` rebuilds a release from what was known when it was made, regardless of later deliveries."""

import shutil
from pathlib import Path

import magazijn
import pytest
from leveringen import Landing, melding

from orchestration import rebuild
from orchestration.deliveries import decide, ledger
from orchestration.lake import Lake
from orchestration.publication import manifest, register
from orchestration.publication.candidate import build_candidate
from orchestration.publication.integrity import ReleaseError
from orchestration.settings import Settings

DAY = "2025-03-{:02d}T02:00:00+01:00"


def named(lake: Lake) -> list[dict[str, str]]:
    """Return the deliveries as listed in a manifest."""
    return [{name: getattr(entry, name) for name in ("bron", "levering", "sha256", "oordeel")} for entry in ledger.read(lake)]


def then(landing: Landing, deliveries: list[dict[str, str]]) -> list[ledger.LedgerEntry]:
    lake = Lake(landing.root / "toen")
    rebuild._restore_ledger(landing.lake, lake, deliveries)
    found = ledger.read(lake)
    assert all((lake.rows / part.rijen).is_file() for entry in found for part in entry.entiteiten if part.rijen)
    return found


def test_a_later_delivery_does_not_count_though_its_kennisdatum_is_earlier(tmp_path: Path):
    landing = Landing(tmp_path)
    landing.meldingen("b", [melding(1)], kennisdatum=DAY.format(4))
    landing.ingest()
    deliveries = named(landing.lake)
    landing.meldingen("a", [melding(2)], kennisdatum=DAY.format(3))
    landing.ingest()
    assert len(ledger.read(landing.lake)) == 2
    assert [entry.levering for entry in then(landing, deliveries)] == ["b"]


def test_a_delivery_that_was_accepted_since_is_refused_as_it_was(tmp_path: Path):
    landing = Landing(tmp_path)
    landing.meldingen("a", [melding(n) for n in range(20)], aard="volledig", kennisdatum=DAY.format(3))
    landing.meldingen("b", [melding(n) for n in range(9)], aard="volledig", kennisdatum=DAY.format(4))
    landing.ingest()
    before = ledger.read(landing.lake)
    deliveries = named(landing.lake)
    decide.accept(landing.settings(), "duo", "b", "klopt", "J. Jansen")
    assert all(entry.accepted for entry in ledger.read(landing.lake))
    told = {"bron", "levering", "kennisdatum", "aard", "oordeel", "code", "reden", "sha256", "bestanden"}
    assert [entry.model_dump(include=told) for entry in then(landing, deliveries)] == [entry.model_dump(include=told) for entry in before]


def test_a_delivery_that_the_ledger_lost_is_named(tmp_path: Path):
    landing = Landing(tmp_path)
    landing.meldingen("a", [melding(1)], kennisdatum=DAY.format(3))
    landing.ingest()
    with pytest.raises(ReleaseError, match="duo/a staat niet meer zo in het grootboek"):
        then(landing, [{**named(landing.lake)[0], "sha256": "0" * 64}])


def test_a_verdict_that_cannot_be_undone_is_an_error(tmp_path: Path):
    landing = Landing(tmp_path)
    landing.meldingen("a", [melding(1)], kennisdatum=DAY.format(3))
    landing.ingest()
    with pytest.raises(ReleaseError, match="duo/a was geweigerd en is nu geaccepteerd"):
        then(landing, [{**named(landing.lake)[0], "oordeel": "geweigerd"}])


@pytest.fixture
def published(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    settings = Settings(lake=lake.root)
    build_candidate(lake, settings)
    magazijn.publish(lake, settings)
    return lake


def test_an_altered_release_is_not_made_again(published: Lake, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rebuild, "_made_again", None)
    [release] = register.releases(published, "intern")
    (release.folder / "kerncijfers.parquet").write_bytes(b"")
    with pytest.raises(ReleaseError, match=r"niet meer wat zij was: kerncijfers\.parquet"):
        rebuild.rebuild(Settings(lake=published.root), "intern", "current", print)


def test_every_byte_of_every_data_file_is_compared(published: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    [release] = register.releases(published, "intern")
    again = Path(shutil.copytree(release.folder, tmp_path / "opnieuw"))
    monkeypatch.setattr(rebuild, "_made_again", lambda *_: again)
    settings = Settings(lake=published.root)
    (again / "manifest.json").write_text("van een andere run")
    same = rebuild.rebuild(settings, "intern", "current", print)
    assert same.differing == ()
    assert set(same.compared) == {path.name for path in release.folder.iterdir()} - {"manifest.json", "SHA256SUMS"}
    figures = again / "kerncijfers.parquet"
    figures.write_bytes(figures.read_bytes()[:-1] + b"x")
    (again / "indicatoren.parquet").unlink()
    (again / "meer.parquet").write_bytes(b"")
    assert rebuild.rebuild(settings, "intern", "current", print).differing == ("indicatoren.parquet", "kerncijfers.parquet", "meer.parquet")


def test_an_openbaar_release_without_its_proof_cannot_be_rebuilt(published: Lake, tmp_path: Path):
    [release] = register.releases(published, "intern")
    with pytest.raises(ReleaseError, match="is het bewijs weg"):
        rebuild._remember(published, Lake(tmp_path / "toen"), release)


def test_a_list_of_the_gemeente_must_be_the_one_that_the_release_was_made_with(published: Lake, tmp_path: Path):
    own = tmp_path / "wijken.csv"
    own.write_text("wijkcode,wijk\n016401,Binnenstad\n")
    with_list, without = (Settings(lake=published.root, wijken=path) for path in (own, None))
    release, made_with = register.find(published, "intern", "current"), manifest.own_lists(with_list)
    assert rebuild._same_lists(with_list, release, made_with) == {"gemeente_opvolgers": None, "wijken": own}
    assert rebuild._same_lists(with_list, release, {}) == {"gemeente_opvolgers": None, "wijken": None}, "it was made without one"
    own.write_text("wijkcode,wijk\n016401,Centrum\n")
    for settings in (with_list, without):
        with pytest.raises(ReleaseError, match="LEERPLICHT_WIJKEN geeft niet meer de lijst waarmee zij is gemaakt"):
            rebuild._same_lists(settings, release, made_with)
