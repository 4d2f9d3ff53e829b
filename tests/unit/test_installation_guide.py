"""The installation guide: what its blocks name exists, and it runs in a fresh Debian where one is given."""

import os
import re
import subprocess
import sys
from pathlib import Path

import guide
import pytest
from typer.main import get_command

from orchestration import units
from orchestration.cli import app
from orchestration.settings import PROJECT

PAGE = guide.GUIDE.read_text(encoding="utf-8")
BLOCKS = guide.blocks(PAGE)


def test_every_block_is_one_that_the_script_runs():
    assert len(BLOCKS) > 12
    assert PAGE.count("\n```") == 2 * len(BLOCKS), "a block without `bash` would not be run"
    assert {block.kind for block in BLOCKS} == {"bash", guide.SYSTEMD}


def test_what_needs_a_running_systemd_is_marked_and_nothing_else_is():
    for block in BLOCKS:
        marked = block.kind == guide.SYSTEMD
        assert all(line.startswith("systemctl ") == marked for line in block.text.splitlines()), block


def test_every_unit_and_every_command_that_the_guide_names_exists():
    named = set(re.findall(r"leerplicht-[a-z-]+\.(?:service|timer)", PAGE))
    assert named == {*units.NIGHT, *units.WATCH, *units.DAGSTER} - {"leerplicht-toezicht.service"}
    commands = set(get_command(app).commands)
    given = {name for block in BLOCKS for name in re.findall(r"\bleerplicht ([a-z]+)", block.text)} - {"leerplicht"}
    assert {"install", "run", "example"} <= given
    assert {name for name in given if name not in commands} <= {"dagster", "o"}


def test_a_stand_in_looks_for_what_each_way_switches_on():
    assert [len(guide.beside(block.text)) for block in BLOCKS if guide.beside(block.text)] == [2, 2 + len(units.DAGSTER), 1]


def test_the_guide_and_the_units_name_the_same_places():
    for place in (units.STANDARD.lake, units.STANDARD.environment, units.STANDARD.program.parents[1], units.STANDARD.key.parent):
        assert str(place) in PAGE


@pytest.mark.skipif("DEBIAN_ROOT" not in os.environ, reason="no fresh Debian root is given (DEBIAN_ROOT, made by debootstrap)")
def test_the_guide_runs_word_by_word_in_a_fresh_debian(tmp_path: Path):
    subprocess.run(
        [
            Path(sys.executable).with_name("uv"),
            "build",
            "--quiet",
            "--wheel",
            "--no-build-isolation",
            "--python",
            sys.executable,
            "--out-dir",
            tmp_path,
            PROJECT,
        ],
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    guide.main(Path(os.environ["DEBIAN_ROOT"]), wheel)
