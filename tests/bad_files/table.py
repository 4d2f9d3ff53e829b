"""`python tests/bad_files/table.py`: update the tables in `docs/leveringen.md` from the reason codes and the corpus.

Put here: rows of Markdown. Keep out: the text outside the markers, which is written by hand.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from case import REJECTED, REPEATED, WARNED
from corpus import GROUPS

from orchestration.deliveries.reasons import REASONS

PAGE = Path(__file__).parents[2] / "docs" / "leveringen.md"
SEVERITIES = {"geweigerd": "levering geweigerd", "afgewezen": REJECTED, "waarschuwing": WARNED}


def reasons() -> str:
    """Return the table of all reason codes, in order of precedence."""
    rows = [f"| `{reason.code}` | {SEVERITIES[reason.ernst]} | {reason.uitleg} |" for reason in REASONS.values()]
    return "\n".join(["| code | gevolg | uitleg |", "| --- | --- | --- |", *rows])


def cases() -> str:
    """Return the tables of all cases, by kind of file."""
    parts = []
    for title, group in GROUPS.items():
        rows = []
        for case in group:
            verdict = "rij herhaald" if case.verdict == REPEATED and case.id.startswith("rij") else case.verdict
            code = f"`{case.code}`" if case.code else ""
            rows.append(f"| `{case.id}` | {case.bron} | {case.what} | {verdict} | {code} |")
        parts.append(
            "\n".join([f"### {title}", "", "| geval | bron | wat ermee is | oordeel | code |", "| --- | --- | --- | --- | --- |", *rows])
        )
    return "\n\n".join(parts)


def renewed(page: str) -> str:
    """Return the page with updated tables.

    Raises:
        ValueError: A marker is missing.
    """
    for name, table in {"redencodes": reasons(), "gevallen": cases()}.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- einde {name} -->"
        page, count = re.subn(f"{begin}.*?{end}", lambda _, whole=f"{begin}\n{table}\n{end}": whole, page, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"no markers of {name}")
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text()))
