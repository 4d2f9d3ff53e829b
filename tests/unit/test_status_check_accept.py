"""`leerplicht status`, `check` and `accept`: their output, what they change, and one sentence for a mistake."""

import json
from pathlib import Path

import pytest
from conftest import snapshot
from leveringen import Landing, bsn, melding, to_csv
from rich.console import Console
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.deliveries import decide, ledger
from orchestration.deliveries.decide import DecisionError

pytestmark = pytest.mark.usefixtures("reading_in_a_thread")
DAY = "2025-03-{:02d}T02:00:00+01:00"


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Landing:
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "meer"))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(tmp_path / "sleutel" / "geheim.key"))
    monkeypatch.setattr("orchestration.commands.terminal.console", Console(width=250, highlight=False))
    return Landing(tmp_path)


def leerplicht(*arguments: str, answer: str = "") -> Result:
    result = CliRunner().invoke(app, arguments, input=f"{answer}\n")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def shrunk(landing: Landing) -> None:
    """Ingest a register, and one with less than half of its rows, which the volume rule refuses."""
    landing.meldingen("a", [melding(n) for n in range(20)], aard="volledig", kennisdatum=DAY.format(3))
    landing.meldingen("b", [melding(n) for n in range(9)], aard="volledig", kennisdatum=DAY.format(4))
    landing.ingest()


def test_status_of_an_empty_lake(landing: Landing):
    landing.lake.landing.mkdir(parents=True)
    result = leerplicht("status")
    assert result.exit_code == 0
    assert "monitor" in result.output and "carel" in result.output
    assert list(landing.lake.root.rglob("*")) == [landing.lake.landing], "status creates nothing"


def test_status_lists_every_state_with_counts_and_reasons(landing: Landing):
    shrunk(landing)
    landing.meldingen("c", [melding(n) for n in range(20)], aard="volledig", kennisdatum=DAY.format(3))
    landing.meldingen("d", [melding(1, UREN="x"), melding(2, NIEUW="x")], kennisdatum=DAY.format(5))
    landing.ingest()
    (landing.meldingen("wacht", []) / "levering.json").unlink()
    landing.meldingen("morgen", [melding(1, UREN="2")], kennisdatum=DAY.format(6))
    (landing.lake.landing / "duo" / "los.csv").write_bytes(b"")
    (landing.lake.landing / "douo").mkdir()
    before = snapshot(landing.lake.root)
    result = leerplicht("status", "--bron", "duo")
    assert result.exit_code == 0
    assert snapshot(landing.lake.root) == before
    for text in (
        "volume_gedaald: verzuimmelding: eindigt 11 van 20", "dezelfde levering als a", "getal_ongeldig 1", "kolom_onbekend 1",
        "duo/wacht – 1 bestanden, nog geen levering.json", "duo/morgen – wordt gelezen bij de volgende run",
        "landing/duo/los.csv", "landing/douo",
    ):  # fmt: skip
        assert text in result.output, text
    counts = next(line for line in result.output.splitlines() if line.strip().startswith("duo "))
    assert counts.split() == ["duo", "2", "1", "1", "0", "1", "1", "0"]


def test_status_shows_the_latest_and_all_when_asked(landing: Landing):
    for number in range(12):
        landing.meldingen(f"n{number:02d}", [melding(number)], kennisdatum=DAY.format(number + 1))
    landing.ingest()
    assert "n00" not in leerplicht("status", "--bron", "duo").output
    assert "2 oudere leveringen niet getoond" in leerplicht("status", "--bron", "duo").output
    assert "n00" in leerplicht("status", "--alles").output


def test_check_of_a_folder_gives_the_verdict_and_changes_nothing(landing: Landing):
    shrunk(landing)
    landing.meldingen("c", [melding(1, UREN="veel"), melding(2)], kennisdatum=DAY.format(5))
    landing.meldingen("d", [melding(n, UREN="veel") for n in range(9)], kennisdatum=DAY.format(5))
    before = snapshot(landing.lake.root)
    good, bad, known = (leerplicht("check", str(landing.lake.landing / "duo" / name)) for name in "cdb")
    assert snapshot(landing.lake.root) == before
    assert good.exit_code == 0 and "c: zou zijn geaccepteerd" in good.output
    assert all(text in good.output for text in ("verzuimmeldingen.csv", "UREN", "getal_ongeldig", "veel"))
    assert bad.exit_code == 1 and "te_veel_afgewezen: verzuimmelding: 9 van 9 rijen afgewezen" in bad.output
    assert known.exit_code == 1 and "b: is geweigerd – volume_gedaald" in known.output


def test_check_before_there_is_a_lake_or_a_key(landing: Landing, tmp_path: Path):
    folder = landing.meldingen("a", [melding(1)])
    elsewhere = tmp_path / "elders" / "a"
    elsewhere.parent.mkdir()
    folder.rename(elsewhere)
    before = snapshot(tmp_path)
    assert leerplicht("check", str(elsewhere)).exit_code == 0
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "sleutel").exists()


def test_check_of_loose_files(landing: Landing, tmp_path: Path):
    (tmp_path / "verzuimmeldingen.csv").write_bytes(to_csv([melding(1), melding(2, BSN=bsn(1) + "1")]))
    (tmp_path / "koppeling.csv").write_bytes(b"ONDERWIJSNUMMER;BSN\n")
    (tmp_path / "iets.csv").write_bytes(b"x")
    good = leerplicht("check", str(tmp_path / "verzuimmeldingen.csv"), "--kennisdatum", DAY.format(3))
    assert good.exit_code == 0 and "zou zijn geaccepteerd" in good.output and "identificatie_ongeldig" in good.output
    assert bsn(1) not in good.output
    bad = leerplicht("check", str(tmp_path / "koppeling.csv"))
    assert bad.exit_code == 1
    assert bad.stderr.splitlines()[-1] == "✗ zou zijn geweigerd – kolom_ontbreekt: koppeling.csv: kolom DATUM_KOPPELING ontbreekt"
    assert "aan deze namen is de bron niet te zien" in leerplicht("check", str(tmp_path / "iets.csv")).stderr
    assert not landing.lake.root.exists()


def delivered(tmp_path: Path, first: int, last: int, aard: str, day: int, *more: str, answer: str = "") -> Result:
    file = tmp_path / "verzuimmeldingen.csv"
    file.write_bytes(to_csv([melding(n) for n in range(first, last)]))
    return leerplicht("deliver", "duo", str(file), "--aard", aard, "--kennisdatum", DAY.format(day), *more, answer=answer)


def test_deliver_asks_about_an_unusual_aard_and_says_what_ends(landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert delivered(tmp_path, 0, 10, "mutatie", 3).exit_code == 0
    landing.ingest()
    refused = delivered(tmp_path, 8, 14, "volledig", 4)
    means = "duo levert gewoonlijk mutatie, en dit is volledig: alles wat er niet in staat, eindigt"
    assert (refused.exit_code, refused.stderr.strip()) == (2, f"✗ {means}; bedoelt u dat, geef dan --yes")
    assert len(list((landing.lake.landing / "duo").iterdir())) == 1
    made = delivered(tmp_path, 8, 14, "volledig", 4, "--yes")
    assert made.exit_code == 0
    assert "duo/20250304T020000: verzuimmelding: eindigt 8 van 10" in made.output
    assert "zij zou nu worden geweigerd – volume_gedaald" in made.output
    checked = leerplicht("check", str(landing.lake.landing / "duo" / "20250304T020000"))
    assert checked.exit_code == 1 and means in checked.output and "eindigt 8 van 10" in checked.output
    monkeypatch.setattr("orchestration.commands.deliveries._is_terminal", lambda: True)
    for answer, code in {"": 1, "nee": 1, "ja": 0}.items():
        result = delivered(tmp_path, 0, 10, "volledig", 5, answer=answer)
        assert result.exit_code == code
        assert f"{means}. Toch zo leveren? [j/N]" in result.output
    assert len(list((landing.lake.landing / "duo").iterdir())) == 3


@pytest.mark.usefixtures("landing")
def test_an_unusual_mutatie_is_asked_about_too():
    result = leerplicht("deliver", "monitor", "jongere.csv", "--aard", "mutatie", "--kennisdatum", DAY.format(3))
    assert result.exit_code == 2
    assert "monitor levert gewoonlijk volledig, en dit is mutatie: wat er niet in staat, blijft zoals het was" in result.stderr


def test_status_shows_what_an_accepted_register_ended(landing: Landing):
    landing.meldingen("a", [melding(n) for n in range(10)], kennisdatum=DAY.format(3))
    landing.meldingen("b", [melding(n) for n in range(7)], aard="volledig", kennisdatum=DAY.format(4))
    assert all(entry.accepted for entry in landing.ingest())
    assert "verzuimmelding: eindigt 3 van 10" in leerplicht("status", "--alles").output


def test_accept_loads_the_rows_and_stores_the_decision(landing: Landing):
    shrunk(landing)
    held = next(entry for entry in ledger.read(landing.lake, "duo") if entry.levering == "b")
    result = leerplicht("accept", "duo/b", "--because", "DUO levert [voortaan] zonder 18+, zie 123456782", "--by", "Jansen")
    assert result.exit_code == 0, result.stderr
    assert "duo/b is aanvaard: 9 rijen geladen" in result.output
    entry = next(entry for entry in ledger.read(landing.lake, "duo") if entry.levering == "b")
    assert entry.accepted and len(landing.loaded(entry)) == 9
    assert entry.aanvaard
    assert (entry.aanvaard.door, entry.aanvaard.ondanks) == ("Jansen", held.reden)
    assert entry.aanvaard.omdat == "DUO levert [voortaan] zonder 18+, zie [negen cijfers]"
    assert (entry.gezien, entry.manifest_sha256) == (held.gezien, held.manifest_sha256)
    assert "aanvaard door Jansen" in leerplicht("status", "--alles").output
    assert landing.ingest() == [], "the verdict does not change"
    landing.meldingen("c", [melding(n) for n in range(5)], aard="volledig", kennisdatum=DAY.format(5))
    assert landing.ingest()[0].accepted, "later registers are compared with it"


@pytest.mark.parametrize(
    ("levering", "reason"),
    [
        ("duo/a", "is al aanvaard"), ("duo/c", "alleen volume_gedaald en kolom_verdwenen kan een mens opheffen, dit is bestand_onleesbaar"),
        ("duo/d", "alleen volume_gedaald en kolom_verdwenen kan een mens opheffen, dit is herhaald"), ("duo/zz", "kent geen levering"),
        ("duox/a", "onbekende bron"), ("duo", "schrijf bron/levering"), ("duo/b", "staat niet meer in landing"),
    ],
)  # fmt: skip
def test_what_cannot_be_accepted(landing: Landing, levering: str, reason: str):
    shrunk(landing)
    landing.write("c", {"verzuimmeldingen.csv": b"\0"}, kennisdatum=DAY.format(5))
    landing.meldingen("d", [melding(n) for n in range(20)], aard="volledig", kennisdatum=DAY.format(3))
    landing.ingest()
    manifest = landing.lake.landing / "duo" / "b" / "levering.json"
    manifest.write_text(manifest.read_text() + " ")
    before = snapshot(landing.lake.ledger)
    result = leerplicht("accept", levering, "--because", "daarom")
    assert result.exit_code != 0
    assert reason in result.stderr
    assert snapshot(landing.lake.ledger) == before


def test_accept_checks_everything_but_the_volume(landing: Landing):
    shrunk(landing)
    path = landing.lake.landing / "duo" / "b" / "verzuimmeldingen.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(DecisionError, match="hash_wijkt_af"):
        decide.accept(landing.settings(), "duo", "b", "daarom", "Jansen")
    with pytest.raises(DecisionError, match="waarom"):
        decide.accept(landing.settings(), "duo", "b", " ", "Jansen")


def test_a_mistake_is_one_sentence_and_an_exit_code(landing: Landing, tmp_path: Path):
    shrunk(landing)
    key = tmp_path / "sleutel" / "geheim.key"
    key.chmod(0o644)
    landing.meldingen("c", [melding(1)], kennisdatum=DAY.format(5))
    folder = landing.lake.landing / "duo" / "c"
    for arguments, reason in {
        ("accept", "duo/b", "--because", "x"): "is leesbaar voor anderen",
        ("check", str(folder)): "is leesbaar voor anderen",
        ("check", str(tmp_path)): "heeft geen levering.json",
        ("check", str(folder), str(folder / "verzuimmeldingen.csv")): "niet allebei",
        ("check", str(tmp_path / "weg.csv"), "--bron", "duo"): "is er niet",
        ("check", str(folder / "verzuimmeldingen.csv"), "--kennisdatum", "gisteren"): "is geen tijdstip",
        ("status", "--bron", "duox"): "onbekende bron",
    }.items():
        result = leerplicht(*arguments)
        assert result.exit_code in (1, 2), arguments
        assert reason in result.stderr, arguments
    (entry, *_) = landing.lake.ledger.rglob("*.json")
    entry.write_text(json.dumps({"bron": 1}))
    assert "het grootboek is beschadigd" in leerplicht("status", "--alles").stderr


@pytest.mark.parametrize("command", ["status", "check", "accept", "withdraw", "deliver"])
def test_every_help_has_an_example(command: str):
    assert f"leerplicht {command}" in leerplicht(command, "--help").output
