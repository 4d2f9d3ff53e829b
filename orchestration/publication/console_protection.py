"""Prints the result of an attack on `openbaar`, and the facts that bound a count.

Put here: layout and texts. Keep out: the attack itself (`disclosure/audit.py`).
"""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from orchestration.publication.disclosure.audit import EXACT, NARROWED, SAFE, Because, Explanation, Insider, Verdict
from orchestration.publication.disclosure.elsewhere import Remembered
from orchestration.publication.disclosure.system import Cell, Interval, Relation

LISTED = 20


def print_verdicts(console: Console, release: str, needed: Mapping[Cell, Interval], verdicts: Sequence[Verdict], alternatives: int) -> None:
    """Print the number of withheld counts and the result of the attack; list the counts that are not safe."""
    counted = {oordeel: sum(verdict.oordeel == oordeel for verdict in verdicts) for oordeel in (EXACT, NARROWED, SAFE)}
    rounded = sum(bool(verdict.cell.uitsplitsing) and verdict.said.high is not None for verdict in verdicts)
    _line(
        console,
        f"openbaar {release}: {len(verdicts) - rounded} cijfers achtergehouden en {rounded} afgerond, waarvan samen {len(needed)} klein",
    )
    _line(console, f"aangevallen met alles wat openbaar is: {', '.join(f'{number} {oordeel}' for oordeel, number in counted.items())}")
    _line(console, f"bewijs: {alternatives} andere tabellen die met alles wat openbaar is overeenkomen, nagerekend in hele getallen")
    unsafe = [verdict for verdict in verdicts if verdict.oordeel != SAFE]
    for verdict in unsafe[:LISTED]:
        _line(console, f"• {verdict.cell}: {verdict.oordeel}, {_between(verdict.left)}")
    if len(unsafe) > LISTED:
        _line(console, f"… en nog {len(unsafe) - LISTED}")


def print_explanation(console: Console, found: Explanation, said: Interval) -> None:
    """Print the remaining interval of a count, and for each bound a minimal set of facts that implies it."""
    _line(console, f"{found.cell}: openbaar is {_between(said)}; alles samen laat {_between(found.left)}")
    for end, because in (("ondergrens", found.low), ("bovengrens", found.high)):
        _line(console, f"{end}: " + ("alleen dat het een aantal is" if because is None else "door"))
        for fact in _facts(because):
            _line(console, f"  • {fact}")


def print_insiders(console: Console, release: str, insiders: Sequence[Insider]) -> None:
    """Print what an insider who knows one withheld count can derive, worst first."""
    learning = [insider for insider in insiders if insider.learns]
    _line(
        console, f"openbaar {release}: wie één van {len(insiders)} achtergehouden cijfers kent, leert in {len(learning)} gevallen een ander"
    )
    for insider in learning[:LISTED]:
        _line(console, f"• wie {insider.knows} kent, weet ook: {', '.join(map(str, insider.learns))}")
    if len(learning) > LISTED:
        _line(console, f"… en nog {len(learning) - LISTED}")


def print_remembered(console: Console, found: Remembered) -> None:
    """Print what a printed report adds to the publicly known figures."""
    said = f"{len(found.told.values)} aantallen, waarvan {len(found.told.signs)} niet precies"
    _line(console, f"{found.name}: {said}" + (" zijn vanaf nu bekend" if found.new else " waren al bekend; er is niets veranderd"))
    if found.untrue:
        _line(
            console,
            f"{len(found.untrue)} gedrukte cijfers zijn anders dan de onze, of niet van ons; die vertellen niets en tellen niet mee",
        )
    _line(console, "de volgende release van openbaar rekent ermee; haar bewijs noemt wat er al uit volgt (al_openbaar)")


def _facts(because: Because | None) -> list[str]:
    if because is None:
        return []
    return [_stated(fact) for fact in because.stated] + [f"dat {fact.because}" for fact in because.definitions]


def _stated(fact: Relation) -> str:
    if len(fact.terms) == 1 and fact.terms[0][1] == 1 and fact.low is not None:
        return f"{fact.terms[0][0]}: {_between(Interval(fact.low, fact.high))}"
    return fact.because


def _between(interval: Interval) -> str:
    if interval.exact:
        return str(interval.low)
    return f"{interval.low} of meer" if interval.high is None else f"{interval.low} tot en met {interval.high}"


def _line(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
