"""Putting renderings in place: all or nothing, and never over files of others."""

import json
from pathlib import Path

import pytest
from renderings_rows import SENDER, figure, indicator, release

from orchestration.lake import Lake
from orchestration.publication.renderings import folder

SIZES = (("0164", 30), ("0147", 10), ("regio", 40))
FIGURES = [figure("leerplichtigen", size, area=area, jaar=year) for area, size in SIZES for year in ("2023-2024", "2024-2025")]
RELEASE = release(FIGURES, [indicator("leerplichtigen", "leerplichtigen")])
CHOICE = folder.choose(RELEASE)
LAKE = Lake(Path("meer").absolute())  # is not there: the folders of these tests are outside it


@pytest.fixture(autouse=True)
def two_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stub the renderings, which other tests cover."""

    def make(place: Path, made_of, _earlier, choice, _sender, _history, report) -> None:
        report("iets")
        (place / "een.html").write_text(choice.year)
        (place / "diep").mkdir()
        (place / "diep" / "twee.js").write_text(made_of.release)

    monkeypatch.setattr(folder, "_make", make)


def files(place: Path) -> set[str]:
    return {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}


def test_all_is_there_and_listed_and_nothing_else_is_left(tmp_path: Path):
    place = tmp_path / "nieuw" / "jaarverslag"
    told: list[str] = []
    folder.write(LAKE, place, RELEASE, None, CHOICE, SENDER, told.append)
    assert files(place) == {"een.html", "diep/twee.js", folder.LIST}
    listed = json.loads((place / folder.LIST).read_text())
    assert listed["bestanden"].keys() == {"een.html", "diep/twee.js"}
    assert (listed["release"], listed["zone"], listed["schooljaar"], listed["gemeenten"]) == (
        RELEASE.release, "openbaar", "2024-2025", ["0164", "0147"],
    )  # fmt: skip
    assert [path.name for path in place.parent.iterdir()] == ["jaarverslag"]
    assert told == ["iets"]


def test_what_was_made_before_is_replaced(tmp_path: Path):
    place = tmp_path / "jaarverslag"
    folder.write(LAKE, place, RELEASE, None, CHOICE, SENDER)
    folder.write(LAKE, place, RELEASE, None, folder.choose(RELEASE, "2023-2024"), SENDER)
    assert (place / "een.html").read_text() == "2023-2024"
    assert [path.name for path in tmp_path.iterdir()] == ["jaarverslag"]


@pytest.mark.parametrize("others", ["brief.docx", "diep/foto.png", ".verborgen"])
def test_a_folder_that_holds_something_else_stays_as_it_is(tmp_path: Path, others: str):
    place = tmp_path / "jaarverslag"
    folder.write(LAKE, place, RELEASE, None, CHOICE, SENDER)
    (place / others).write_text("van iemand anders")
    before = files(place)
    with pytest.raises(folder.RenderingError, match="staat al iets anders"):
        folder.write(LAKE, place, RELEASE, None, folder.choose(RELEASE, "2023-2024"), SENDER)
    assert files(place) == before
    assert (place / "een.html").read_text() == "2024-2025"


def test_a_folder_of_files_or_a_file_or_a_link_is_refused(tmp_path: Path):
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "kerncijfers.parquet").write_text("een release")
    (tmp_path / "bestand").write_text("iets")
    (tmp_path / "koppeling").symlink_to(tmp_path / "map")
    for name in ("map", "bestand", "koppeling"):
        with pytest.raises(folder.RenderingError):
            folder.write(LAKE, tmp_path / name, RELEASE, None, CHOICE, SENDER)
    assert files(tmp_path / "map") == {"kerncijfers.parquet"}


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path):
    (tmp_path / "leeg").mkdir()
    folder.write(LAKE, tmp_path / "leeg", RELEASE, None, CHOICE, SENDER)
    assert "een.html" in files(tmp_path / "leeg")


def test_a_run_that_dies_half_way_leaves_what_was_there_and_the_next_one_cleans_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = tmp_path / "jaarverslag"
    folder.write(LAKE, place, RELEASE, None, CHOICE, SENDER)
    before = {name: (place / name).read_bytes() for name in files(place)}

    def die(half: Path, *_: object) -> None:
        (half / "half.html").write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(folder, "_make", die)
        folder.write(LAKE, place, RELEASE, None, folder.choose(RELEASE, "2023-2024"), SENDER)
    assert {name: (place / name).read_bytes() for name in files(place)} == before
    folder.write(LAKE, place, RELEASE, None, CHOICE, SENDER)
    assert [path.name for path in tmp_path.iterdir()] == ["jaarverslag"]


def test_a_choice_is_the_last_year_and_all_gemeenten_unless_said_otherwise():
    assert (CHOICE.year, [area.code for area in CHOICE.gemeenten]) == ("2024-2025", ["0164", "0147"])
    chosen = folder.choose(RELEASE, "2023-2024", ["0147"])
    assert (chosen.year, [area.name for area in chosen.gemeenten]) == ("2023-2024", ["Borne"])
    with pytest.raises(folder.RenderingError, match=r"schooljaar '2030-2031'.*2023-2024, 2024-2025"):
        folder.choose(RELEASE, "2030-2031")
    for code in ("9999", "regio", "164"):
        with pytest.raises(folder.RenderingError, match=r"0164 \(Hengelo\), 0147 \(Borne\)"):
            folder.choose(RELEASE, None, [code])
