"""The examples of `docs/rapportbouwers.md`, run as a report builder would, and the page with what they give.

Run it after the example or an example of the page changed, in a folder in which `data_lake` is that of the example:
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
    """Every example that can be run, with the result that is shown under it."""
    return list(EXAMPLE.finditer(page))


def result(language: str, code: str) -> str:
    """Run an example in the current folder; what it prints, without spaces at the end of a line."""
    if language == "sql":
        printed = str(duckdb.sql(code))
    else:
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            exec(compile(code, PAGE.name, "exec"), {})
        printed = told.getvalue()
    return "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())


def renewed(page: str) -> str:
    """The page with the results of now."""

    def shown(example: re.Match[str]) -> str:
        if not example["shown"]:
            return example[0]
        return f"```{example['language']}\n{example['code']}```\n\n```text\n{result(example['language'], example['code'])}```\n"

    return EXAMPLE.sub(shown, page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
