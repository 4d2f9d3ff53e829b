"""Prints how a release of `openbaar` is protected, and what bounds one count.

Put here: layout and texts. Keep out: adding it up (`disclosure/report.py`).
"""

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from orchestration.publication.disclosure.alternatives import ENDLESS
from orchestration.publication.disclosure.known import Remembered
from orchestration.publication.disclosure.report import Explanation, Loss
from orchestration.publication.disclosure.signs import Sign
from orchestration.publication.weergave import count

WORDS = {
    Sign.SHOWN: "zoals het is",
    Sign.SMALL: "als <5",
    Sign.ROUNDED: "afgerond",
    Sign.HIDDEN: "als x",
    Sign.ABSENT: "niet",
}


def print_protection(console: Console, release: str, losses: Mapping[str, Loss], alternatives: int, lost: int, threshold: int) -> None:
    """Print in ten lines what is hidden, what is rounded, how far that is from the truth, and the verdict."""
    _line(console, f"openbaar {release}")
    for name, loss in losses.items():
        said = ", ".join(f"{count(loss.signs[sign])} {WORDS[sign]}" for sign in Sign if loss.signs[sign])
        _line(console, f"{name}: {said or 'niets'}")
    rounded = sum(loss.signs[Sign.ROUNDED] for loss in losses.values())
    away = sum(loss.away for loss in losses.values()) / max(rounded, 1)
    near = sum(loss.near for loss in losses.values()) / max(rounded, 1)
    text = f"een afgerond aantal ligt gemiddeld {away:.1f} van het echte, en {100 * near:.1f}% hoogstens 5".replace(".", ",")
    _line(console, text)
    _line(console, f"bewijs: {count(alternatives)} alternatieven, nagerekend: ook daarmee is alles waar wat openbaar is")
    if lost:
        _line(console, f"{count(lost)} kleine aantallen waren al openbaar; het bewijs noemt ze (al_openbaar)")
    rest = "elk ander klein aantal" if lost else "elk klein aantal"
    _line(console, f"oordeel: {rest} kan 1 zijn en kan {threshold - 1} zijn, en zelfs met alle loten bekend nog een ander aantal")


def print_explanation(console: Console, name: str, found: Explanation) -> None:
    """Print what is public of one count, and which definitions bound it."""
    _line(console, f"{name}: wordt {WORDS[found.sign]} getoond, en dat zegt {_between(found.said)}")
    _line(console, f"met alle definities blijft over: {_between(found.left)}")
    for because in found.because:
        _line(console, f"  • omdat {because}")
    if found.others:
        _line(console, f"in alternatieven is het ook {', '.join(map(str, found.others))}")


def print_remembered(console: Console, found: Remembered) -> None:
    """Print what a printed report adds to the publicly known figures."""
    _line(
        console,
        f"{found.name}: {found.true} aantallen " + ("zijn vanaf nu bekend" if found.new else "waren al bekend; er is niets veranderd"),
    )
    if found.others:
        _line(console, f"{found.others} gedrukte cijfers zeggen niets waars van onze aantallen, en tellen niet mee")
    _line(console, "de volgende release van openbaar rekent ermee; haar bewijs noemt wat er al uit volgt (al_openbaar)")


def _between(ends: tuple[int, int]) -> str:
    low, high = ends
    if low == high:
        return str(low)
    return f"{low} of meer" if high >= ENDLESS // 2 else f"{low} tot en met {high}"


def _line(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
