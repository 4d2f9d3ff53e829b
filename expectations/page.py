"""Renders the page of the gates, `kwaliteit.html`: what each gate validated and found, red first.

A self-contained file without scripts or network access, so that it opens from any disk. It holds names of rules, tables and columns, and
counts: never a value, not even a deviating one. Put here: the verdicts on a page and their order. Keep out: the texts (the template).
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from expectations.verdict import OPENBAAR, POORTEN, Finding, NoVerdictError, Verdict, read
from orchestration.lake import Lake

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]
HASH_SHOWN = 12


def write(lake: Lake) -> Path:
    """Write the page of all gates that have run on this lake, including red ones; return its path."""
    lake.write(lake.quality_page, render(_known(lake, (*POORTEN, OPENBAAR))).encode())
    return lake.quality_page


def write_next_to_releases(lake: Lake, release: str) -> Path:
    """Write the page for the readers of `intern`, next to its releases; return its path.

    It is written once per release: a later night that publishes the same bytes changes nothing for readers.

    Args:
        lake: The lake.
        release: The release that `current` points at.
    """
    path = lake.quality_page_of("intern")
    if not path.is_file() or release not in path.read_text(encoding="utf-8"):
        lake.write(path, render(_known(lake, POORTEN), "intern", release).encode())
    return path


def render(verdicts: Iterable[Verdict], zone: str = "", release: str = "") -> str:
    """Return the page.

    Args:
        verdicts: The verdicts, in the order of the gates; red ones are moved to the front.
        zone: The zone that the page is for; empty for the work folder.
        release: The release that it belongs to; empty for the work folder.
    """
    ordered = sorted(verdicts, key=lambda verdict: verdict.passed)
    return _template().render(verdicts=ordered, red_first=_red_first, zone=zone, release=release, hash_shown=HASH_SHOWN)


@cache
def _template() -> "Template":
    """Return the template, compiled once per process: a night renders the page for each gate."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"aantal": _count, "moment": _moment}
    return environment.get_template("kwaliteit.html.jinja")


def _known(lake: Lake, poorten: Iterable[str]) -> list[Verdict]:
    found = []
    for poort in poorten:
        try:
            found.append(read(poort, lake))
        except NoVerdictError:
            continue
    return found


def _red_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (not finding.is_red, finding.geslaagd))


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _moment(moment: str) -> str:
    at = datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/Amsterdam"))
    return f"{at.day} {MONTHS[at.month - 1]} {at.year} om {at:%H:%M} uur"
