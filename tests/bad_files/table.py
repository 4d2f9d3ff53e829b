"""`python tests/bad_files/table.py`: writes the tables of `docs/leveringen.md` anew, from the reason codes and from the corpus.

Put here: rows of Markdown. Keep out: what is told around them (that is written by hand, outside the markers).
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
    """Every reason code, in the order in which faults count."""
    rows = [f"| `{reason.code}` | {SEVERITIES[reason.ernst]} | {reason.uitleg} |" for reason in REASONS.values()]
    return "\n".join(["| code | gevolg | uitleg |", "| --- | --- | --- |", *rows])


def cases() -> str:
    """Every case of the corpus, by kind of file."""
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
    """The page with its tables as they should be.

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
