"""The summary on screen: complete and readable at any width, and without a terminal."""

import io
from pathlib import Path

import duckdb
import magazijn
import pytest
from rich.console import Console

from orchestration.lake import Lake
from orchestration.publication.candidate import build_candidate
from orchestration.publication.console import print_release
from orchestration.settings import Settings


@pytest.fixture(autouse=True)
def without_file_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    magazijn.without_file_rules(monkeypatch)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("meer"))
    magazijn.build(lake)
    publish_again(lake)
    return lake


def publish_again(lake: Lake) -> None:
    settings = Settings(lake=lake.root)
    build_candidate(lake, settings)
    magazijn.publish(lake, settings)


def shown(lake: Lake, width: int, *, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, highlight=False)
    print_release(console, lake.published("intern") / "current")
    return console.file.getvalue()


def flat(text: str) -> str:
    return " ".join(word for word in text.split() if not word.startswith("─"))


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@pytest.mark.parametrize("terminal", [False, True])
def test_it_tells_everything_on_any_width(lake: Lake, width: int, terminal: bool):
    text = flat(shown(lake, width, terminal=terminal))
    for word in ("monitor", "duo", "carel", "bronnen", "warehouse", "publicatie", "groen"):
        assert word in text
    for word in ("Hengelo", "Borne", "Regio", "10.712", "10.478", "3.696", "5,95%", "4,29%", "14.408"):
        assert word in text
    for title in ("Leerplichtigen", "Verzuim naar soort", "Juridisch kader", "Incidenten", "Vrijstellingen", "Thuiszitterstafel"):
        assert title in text
    assert "code_onbekend 2" in text
    assert "uren_onder_16 7" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_screen(lake: Lake, width: int):
    assert not [line for line in shown(lake, width).splitlines() if len(line) > width]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_word_is_broken_on_any_width(lake: Lake, width: int):
    assert not set(flat(shown(lake, width)).split()) - set(flat(shown(lake, 1_000_000)).split()) - {"(vervolg)"}


def test_a_table_that_does_not_fit_goes_on_below_with_its_years_whole(lake: Lake):
    beside = [line.split()[-6:] for line in shown(lake, 120).splitlines() if line.startswith("Aantal leerplichtigen")]
    assert beside == [["10.712", "10.478", "3.696", "3.694", "14.408", "14.172"]]
    below = [line.split()[2:] for line in shown(lake, 80).splitlines() if line.startswith("Aantal leerplichtigen")]
    assert below == [["10.712", "10.478", "3.696", "3.694"], ["14.408", "14.172"]]
    assert "(vervolg)" not in shown(lake, 120)
    assert shown(lake, 80).count("2023-2024  2024-2025") > 10


def test_refused_deliveries_come_first(lake: Lake):
    lines = shown(lake, 200).splitlines()
    assert lines[0] == "let op: levering duo/20250901T020000 is geweigerd: hash_wijkt_af: koppeling.csv [regel 3]"
    assert lines[1].startswith("let op: levering duo/20250903T020000 is geweigerd: manifest_ongeldig")


def test_what_deviates_has_printed_ours_difference_and_why(lake: Lake):
    text = flat(shown(lake, 120))
    assert "125 gedrukte cijfers" in text and "4 wijken af, 0 niet berekend" in text
    assert "Borne 2023-2024 (factsheet): gedrukt 3.969, wij 3.696, verschil -273. Twee cijfers zijn verwisseld" in text
    assert "gedrukt 4,30%, wij 4,29%, verschil -0,01. 100 × 460 / 10.712 = 4,2942, afgerond 4,29%." in text
    assert "gedrukt <5, wij 5, verschil +1. Gedrukt als <5, maar ons cijfer is 5" in text
    assert "tellen op tot 93" in text
    assert "maar is 4, want 20 = 11 + 0 + ? + 5" in text


def test_a_break_in_the_series_is_marked(lake: Lake):
    text = shown(lake, 40)
    assert "trendbreuk: 2023-2024 en 2024-2025 zijn niet goed te vergelijken. De registratie veranderde." in flat(text)
    assert "Aantal incidenten *" in flat(shown(lake, 120))


def test_figures_of_no_gemeente_are_told(lake: Lake):
    assert "Zonder bekende gemeente" in flat(shown(lake, 80))
    assert "Aantal incidenten 2024-2025: 1" in flat(shown(lake, 80))


def test_what_is_not_available_or_withheld_is_shown_by_its_sign(tmp_path: Path):
    lake = Lake(tmp_path)
    magazijn.build(lake)
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("update jaarverslag.kerncijfers set waarde = null, status = 'niet_beschikbaar' where indicator = 'incidenten'")
        connection.execute("update kern.levering set oordeel = 'geaccepteerd', kennisdatum = '2025-08-01T00:00:00Z'")
    publish_again(lake)
    text = shown(lake, 120)
    assert "let op" not in text
    assert "4 niet berekend" in text
    assert "niet berekend: Borne 2023-2024 (1), Borne 2024-2025 (1), Hengelo 2023-2024 (1), Hengelo 2024-2025 (1)" in flat(text)
    assert "“.” is niet beschikbaar" in text
    (line,) = [line for line in text.splitlines() if "Aantal incidenten" in line and "  .  " in line]
    assert line.split().count(".") == 6


def test_one_year_and_many_gemeenten_are_shown_too(tmp_path: Path):
    lake = Lake(tmp_path)
    magazijn.build(lake)
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("delete from jaarverslag.kerncijfers where schooljaar = '2023-2024'")
        for code, name in (("0141", "Almelo"), ("1742", "Rijssen-Holten"), ("1735", "Hof van Twente"), ("0153", "Enschede")):
            connection.execute(
                f"insert into jaarverslag.kerncijfers select * replace ('{code}' as gemeente_code, '{name}' as gemeente) "
                "from jaarverslag.kerncijfers where gemeente_code = '0147'"
            )
    publish_again(lake)
    text = shown(lake, 60)
    assert "(vervolg)" in text
    assert "Enschede" in text and "Almelo" in text
    assert max(map(len, text.splitlines())) <= 60


def test_a_lake_that_deviates_everywhere_gets_a_short_summary(tmp_path: Path):
    lake = Lake(tmp_path)
    magazijn.build(lake)
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("update jaarverslag.kerncijfers set waarde = waarde + 1000 where waarde is not null")
    publish_again(lake)
    text = flat(shown(lake, 120))
    assert text.count("gedrukt ") <= 60
    assert "alle staan in reconciliatie.parquet" in text
