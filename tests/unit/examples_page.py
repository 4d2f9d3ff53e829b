"""Runs the examples of `docs/rapportbouwers.md` as a report builder would, and updates their results on the page.

Run it after a change to the example lake or to an example on the page, in a folder where `data_lake` is the example lake:
`python tests/unit/examples_page.py`.
"""

import contextlib
import io
import re
from pathlib import Path

import duckdb

PAGE = Path(__file__).parents[2] / "docs" / "rapportbouwers.md"
EXAMPLE = re.compile(r"```(?P<language>python|sql)\n(?P<code>.*?)```\n(?P<shown>\n```text\n(?P<result>.*?)```\n)?", re.DOTALL)


def examples(page: str) -> list[re.Match[str]]:
    """Return every example that can run, with the result shown below it."""
    return list(EXAMPLE.finditer(page))


def result(language: str, code: str) -> str:
    """Run an example in the current folder; return its output without trailing spaces."""
    if language == "sql":
        printed = str(duckdb.sql(code))
    else:
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            exec(compile(code, PAGE.name, "exec"), {})
        printed = told.getvalue()
    return "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())


def renewed(page: str) -> str:
    """Return the page with the current results."""

    def shown(example: re.Match[str]) -> str:
        if not example["shown"]:
            return example[0]
        return f"```{example['language']}\n{example['code']}```\n\n```text\n{result(example['language'], example['code'])}```\n"

    return EXAMPLE.sub(shown, page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
