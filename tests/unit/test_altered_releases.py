"""A release that is no longer what was published is put aside at once, and readers see the last whole one."""

import json
from dataclasses import asdict
from pathlib import Path

import magazijn
import pytest
from typer.testing import CliRunner

from orchestration import whole
from orchestration.cli import app
from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.publication import altered, approval, register
from orchestration.publication.candidate import build_candidate
from orchestration.publication.release import Published
from orchestration.publication.renderings import folder
from orchestration.publication.renderings.sender import Sender
from orchestration.settings import Settings

ZONE = "intern"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    return lake


def night(lake: Lake) -> Published:
    build_candidate(lake.for_run("nacht"), Settings(lake=lake.root))
    return magazijn.publish(lake.for_run("nacht"), Settings(lake=lake.root))


def flip(path: Path, bit: int = 99) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def shown(lake: Lake) -> str:
    zone = lake.published(ZONE)
    told: str = json.loads((zone / "current.json").read_text())["release"]
    assert (zone / "current").resolve().name == told and (zone / "current").resolve().is_dir()
    return told


def test_it_is_put_aside_and_the_one_before_it_is_shown(lake: Lake) -> None:
    first = night(lake)
    magazijn.change(lake)
    second = night(lake)
    assert altered.put_aside(lake) == []
    flip(second.folder / "kerncijfers.parquet")
    [sentence] = altered.put_aside(lake)
    [aside] = (lake.set_aside / ZONE).iterdir()
    assert f"release {second.name} in intern is niet meer wat zij was (kerncijfers.parquet) en staat nu in {aside}" in sentence
    assert sentence.endswith(f"lezers zien {first.name}")
    assert shown(lake) == first.name and not second.folder.exists()
    assert aside.name.startswith(second.name) and (aside / "kerncijfers.parquet").is_file()
    assert [line.wat for line in register.lines(lake, ZONE) if line.release == second.name] == ["gepubliceerd", "opzijgezet"]
    assert night(lake).name == second.name and shown(lake) == second.name
    assert altered.put_aside(lake) == []


def test_every_file_is_guarded(lake: Lake) -> None:
    """Any byte of any file: the manifest and the hashes too, and a file that was added."""
    names = sorted(path.name for path in night(lake).folder.iterdir())
    assert {"manifest.json", "SHA256SUMS", "datapackage.json", "kerncijfers.csv"} <= set(names)
    for name in [*names, "erbij.csv"]:
        path = night(lake).folder / name
        path.write_bytes(b"1") if name == "erbij.csv" else flip(path, 8 * (path.stat().st_size - 1))
        [sentence] = altered.put_aside(lake)
        assert name in sentence, sentence
        assert not (lake.published(ZONE) / "current").exists() and not (lake.published(ZONE) / "current.json").exists()


def test_hashes_that_were_altered_with_the_file_do_not_hide_it(lake: Lake) -> None:
    folder = night(lake).folder
    figures, sums = folder / "kerncijfers.csv", folder / "SHA256SUMS"
    before = digest(figures)
    flip(figures)
    sums.write_text(sums.read_text().replace(before, digest(figures)))
    [sentence] = altered.put_aside(lake)
    assert "(SHA256SUMS)" in sentence


def test_an_older_one_that_nobody_sees_is_put_aside_too(lake: Lake) -> None:
    first = night(lake)
    magazijn.change(lake)
    second = night(lake)
    flip(first.folder / "manifest.json")
    [sentence] = altered.put_aside(lake)
    assert sentence.endswith(f"lezers zien {second.name}") and shown(lake) == second.name


def test_of_a_definitive_one_it_is_said_loudly(lake: Lake) -> None:
    made = night(lake)
    approval.approve(lake, ZONE, made.name, door="J. Jansen", omdat="vastgesteld")
    flip(made.folder / "jaarverslag.xlsx")
    [sentence] = altered.put_aside(lake)
    assert sentence.startswith("LET OP, DEFINITIEF: ") and "leerplicht approve" in sentence
    assert night(lake).name == made.name
    assert json.loads((lake.published(ZONE) / "current.json").read_text())["status"] == "voorlopig"


def test_a_flipped_bit_anywhere_in_the_register_is_noticed(lake: Lake) -> None:
    made = night(lake)
    approval.approve(lake, ZONE, made.name, door="J. Jansen", omdat="vastgesteld")
    good = lake.register.read_bytes()
    for bit in range(0, len(good) * 8, 3):
        flip(lake.register, bit)
        with pytest.raises(whole.DamageError, match="het register is beschadigd"):
            altered.put_aside(lake)
        lake.register.write_bytes(good)
    assert altered.put_aside(lake) == []


def test_a_register_without_seals_is_read_and_guarded_from_the_next_line(lake: Lake) -> None:
    made = night(lake)
    lines = register.lines(lake, ZONE)
    lake.register.write_text("".join(json.dumps(asdict(line)) + "\n" for line in lines))
    assert altered.put_aside(lake) == []
    approval.approve(lake, ZONE, made.name, door="J. Jansen", omdat="vastgesteld")
    good = lake.register.read_text()
    lake.register.write_text(good.replace(made.name, f"{made.name[:-1]}x", 1))
    with pytest.raises(whole.DamageError):
        register.lines(lake, ZONE)


@pytest.fixture
def rendered(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two releases of `openbaar`, each with renderings: one file, which other tests look into."""
    monkeypatch.setattr(folder, "_make", lambda place, *_: (place / "een.html").write_text("iets"))
    magazijn.without_file_rules(monkeypatch)
    settings, names = Settings(lake=lake.root), []
    for change in (False, True):
        if change:
            magazijn.change(lake)
        night(lake)
        names.append(magazijn.publish_openbaar(lake.for_run("nacht"), settings, monkeypatch).name)
        source, earlier = folder.read(lake, "openbaar", "current")
        folder.write(lake, lake.renderings_of("openbaar", names[-1]), source, earlier, folder.choose(source), Sender.of(settings))
    assert altered.renew_renderings(lake, settings) == []
    return names[0], names[1]


def test_renderings_follow_the_status_of_every_release_that_they_list(lake: Lake, rendered: tuple[str, str]) -> None:
    first, second = rendered
    for name, renewed in ((second, [second]), (first, [first, second])):
        approval.approve(lake, None, name, door="J. Jansen", omdat="vastgesteld")
        assert altered.behind(lake) == ", ".join(renewed)
        told = altered.renew_renderings(lake, Settings(lake=lake.root))
        assert told == [f"de weergaven van {one} noemden een andere status en zijn opnieuw gemaakt" for one in renewed]
        assert altered.behind(lake) == "" and altered.renew_renderings(lake, Settings(lake=lake.root)) == []


def test_a_decision_stands_if_what_people_read_cannot_be_made_again(
    lake: Lake, rendered: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second = rendered
    page = lake.renderings_of("openbaar", second) / "een.html"

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setenv("LEERPLICHT_LAKE", str(lake.root))
    with monkeypatch.context() as patched:
        patched.setattr(folder, "_make", fail)
        failed = CliRunner().invoke(app, ["approve", "current", "--by", "J. Jansen"])
    assert failed.exit_code == 1 and f"het besluit staat, maar factsheet en portaal van {second} zeggen het nog niet" in failed.stderr
    assert all(register.find(lake, zone, "current").approved for zone in register.ZONES) and page.is_file()
    again = CliRunner().invoke(app, ["approve", "current", "--by", "J. Jansen"])
    assert again.exit_code == 0 and "nu definitief: wat dat al was" in again.stdout
    assert CliRunner().invoke(app, ["approve", "current", "--by", "J. Jansen"]).exit_code == 1
