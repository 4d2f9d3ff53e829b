"""Spark as engine, without Spark: what it refuses, and what a killed build leaves."""

import builtins
import subprocess
import sys

import pytest
from pydantic import ValidationError

from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import spark


@pytest.mark.parametrize("master", ["local", "local[2]", "local[*]", "spark://meester:7077", "yarn", "k8s://https://knoop:6443"])
def test_a_master_is_this_machine_or_a_cluster(master):
    assert Settings(spark_master=master).spark_master == master


@pytest.mark.parametrize("master", ["", "meester:7077", "http://meester:7077", "local[x]"])
def test_any_other_master_is_refused(master):
    with pytest.raises(ValidationError):
        Settings(spark_master=master)


def test_without_the_extra_the_sentence_says_how_to_install_it(monkeypatch):
    honest = builtins.__import__

    def without(name, *arguments, **more):
        if name.startswith("dbt.adapters.spark"):
            raise ModuleNotFoundError(name)
        return honest(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(spark.SparkError, match=r"leerplicht\[spark\]"):
        spark.require()


def test_the_tables_of_a_killed_build_go_when_the_lake_is_held(tmp_path):
    lake = Lake(tmp_path)
    code = (
        "import os, signal, sys; from pathlib import Path; from orchestration import unfinished; from orchestration.lake import Lake;"
        "from orchestration.lake.files import make_private;"
        "folder = unfinished.folder(make_private(Lake(Path(sys.argv[1])).spark), 'bouw');"
        "(folder / 'jongere.parquet').write_bytes(b'2010-01-01'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode < 0
    assert list(lake.spark.rglob("*.parquet"))
    with lake.hold():
        assert not list(lake.spark.iterdir())
