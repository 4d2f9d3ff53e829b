"""The wheel, installed outside the checkout, contains the whole pipeline and publishes the same bytes."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import Night

from orchestration.lake import Lake
from orchestration.publication import manifest
from orchestration.settings import PROJECT

UV = Path(sys.executable).with_name("uv")
NO_NETWORK = ("error sending request", "dns error", "Network connectivity is disabled")
OF_THE_RUN = ("gemaakt", "run", "auditlog")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    options = ["--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder]
    subprocess.run([UV, "build", *options, PROJECT], check=True)
    [built] = folder.glob("*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """The wheel in a separate environment, with an empty working folder and home."""

    environment: Path
    folder: Path
    home: Path

    def leerplicht(self, *arguments: str) -> str:
        """Run a command in the folder; return what it prints."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LEERPLICHT_", "DAGSTER_", "PYTHON"))}
        command = [self.environment / "bin" / "leerplicht", *arguments]
        variables = {**kept, "HOME": str(self.home), "COLUMNS": "200"}
        ended = subprocess.run(command, cwd=self.folder, env=variables, capture_output=True, text=True, check=False, timeout=900)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def files(self) -> Iterator[tuple[str, int, int]]:
        """Return every file of the environment except compiled Python, with its size and modification time."""
        for path in sorted(self.environment.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path), path.stat().st_size, path.stat().st_mtime_ns


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, installed with the dependencies in its metadata, all from wheels."""
    root = tmp_path_factory.mktemp("elders")
    made = Installed(root / "venv", root / "map", root / "thuis")
    made.folder.mkdir()
    made.home.mkdir()
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, made.environment], check=True)
    command = [UV, "pip", "install", "--quiet", "--only-binary", ":all:", "--python", made.environment / "bin" / "python", wheel]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode and any(words in ended.stderr for words in NO_NETWORK):
        pytest.skip("the packages that the wheel needs cannot be downloaded here")
    assert ended.returncode == 0, ended.stderr
    _copy_compiled(Path(sysconfig.get_path("purelib")), next((made.environment / "lib").glob("python*/site-packages")))
    return made


def _copy_compiled(here: Path, there: Path) -> None:
    """Copy the compiled Python of the packages that both have; Python compiles again what is of another source."""
    for folder in here.rglob("__pycache__"):
        target = there / folder.relative_to(here)
        if target.parent.is_dir() and not target.exists():
            shutil.copytree(folder, target)


def test_the_wheel_holds_every_file_of_the_pipeline_and_nothing_else(wheel: Path):
    folders = ("orchestration", "expectations", "dbt_project")
    listed = subprocess.run(["git", "ls-files", *folders], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == {name for name in listed.stdout.splitlines() if (PROJECT / name).exists()}
    assert all(any(name.startswith(f"{folder}/") for name in held) for folder in folders)


def test_it_runs_in_an_empty_folder_and_publishes_what_the_checkout_publishes(installed: Installed, night: Night):
    before = list(installed.files())
    key = installed.home / ".config" / "leerplicht" / "pseudoniem.key"  # with another key, openbaar is rounded by other draws
    key.parent.mkdir(parents=True, mode=0o700)
    key.touch(0o600)
    key.write_bytes(night.place.key_file.read_bytes())
    assert "voorbeeldleveringen" in installed.leerplicht("example")
    assert "data_lake/published/intern/current (Parquet)" in installed.leerplicht("run")
    assert "geaccepteerd" in installed.leerplicht("status", "--alles")
    assert installed.leerplicht("query", "--csv", "from jaarverslag.kerncijfers limit 3").count("\n") == 4
    assert list(installed.files()) == before, "nothing is written where it is installed"
    assert [path.name for path in installed.folder.iterdir()] == ["data_lake"]
    assert [path.relative_to(installed.home).as_posix() for path in installed.home.rglob("*") if path.is_file()] == [
        ".config/leerplicht/pseudoniem.key"
    ]
    here, there = night.lake, Lake(installed.folder / "data_lake")
    for zone in ("intern", "openbaar"):
        assert published(here, zone) == published(there, zone)


def published(lake: Lake, zone: str) -> tuple[dict[str, bytes], dict[str, object]]:
    """Return the files of a zone's release and renderings, by path, and its manifest without the parts about the run."""
    release = (lake.published(zone) / "current").resolve()
    renderings = lake.published(zone) / "weergaven"
    files = [path for folder in (release, renderings) for path in folder.rglob("*") if path.is_file()]
    content = {
        path.relative_to(lake.published(zone)).as_posix(): path.read_bytes()
        for path in files
        if path.name not in (manifest.MANIFEST, manifest.SUMS)
    }
    assert len(content) > 10
    stated = json.loads((release / manifest.MANIFEST).read_text(encoding="utf-8"))
    return content, {name: value for name, value in stated.items() if name not in OF_THE_RUN}
