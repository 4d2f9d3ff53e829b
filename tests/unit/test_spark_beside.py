"""With Spark installed, a process without a main file imports Great Expectations: pyspark alone would end it silently with exit code 0."""

import importlib.util
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is missing (make spark)")


def test_a_process_without_a_main_file_goes_on_after_importing_great_expectations() -> None:
    command = [sys.executable, "-c", "import great_expectations; print('verder')"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "verder\n"
