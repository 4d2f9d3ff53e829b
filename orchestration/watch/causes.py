"""What is wrong with the lake: one cause for each root, so that nobody gets two alarms of one fault.

A cause follows from data, never from a sentence. What follows from another cause is none: a red gate, and that nothing was published by it,
are one; a source whose delivery was refused is not also late; a night that failed is not also a silence.

A cause leaves the machine, by e-mail or webhook. So its words are ours: names of steps, gates, rules, tables and sources, codes, counts and
moments. Nothing that was delivered, nor a published figure, is in it; the whole reason is in `leerplicht status`.

Put here: the causes, and when each stands. Keep out: sending (`alarms.py`, `channels.py`).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from expectations.verdict import Verdict
from orchestration.deliveries.ledger import LedgerEntry
from orchestration.deliveries.reasons import REASONS
from orchestration.outcome import Afloop
from orchestration.runs import LONGEST, Run
from orchestration.watch import words
from orchestration.watch.state import State

SHOWN = 5


class Soort(StrEnum):
    """A kind of cause."""

    RUN = "run_mislukt"
    POORT = "poort_rood"
    GESTORVEN = "run_afgebroken"
    HANGT = "run_hangt"
    STIL = "niets_gepubliceerd"
    GEWEIGERD = "levering_geweigerd"
    UITGESTELD = "levering_uitgesteld"
    LAAT = "bron_te_laat"
    OPZIJ = "release_opzijgezet"
    VERWIJDERD = "verwijderden_in_magazijn"
    BESCHADIGD = "bestand_beschadigd"
    ONLEESBAAR = "meer_onleesbaar"
    KANAAL = "kanaal_mislukt"

    @property
    def subject(self) -> str:
        """The subject of an alarm."""
        return WORDS[self][0]

    @property
    def todo(self) -> str:
        """What to do about it."""
        return WORDS[self][1]

    @property
    def is_of_run(self) -> bool:
        """Whether only a run can tell that it is over."""
        return self in (Soort.RUN, Soort.POORT, Soort.GESTORVEN)


WORDS = {
    Soort.RUN: ("de nacht is mislukt", "lees de reden met leerplicht status, en draai daarna leerplicht run"),
    Soort.POORT: ("een poort keurt de gegevens af", "open werk/kwaliteit.html in het meer: daar staat elke regel, met aantallen"),
    Soort.GESTORVEN: ("een run is afgebroken", "draai leerplicht run; gebeurt het weer, kijk dan naar stroom en geheugen van de machine"),
    Soort.HANGT: ("een run duurt te lang", "kijk op de machine wat zij doet; stop haar, en draai leerplicht run"),
    Soort.STIL: ("er is niets gepubliceerd", "kijk of de timer of de daemon aan staat, en draai leerplicht run"),
    Soort.GEWEIGERD: (
        "een levering is geweigerd",
        "lees de reden met leerplicht status --bron, en vraag de bron om een verbeterde levering",
    ),
    Soort.UITGESTELD: (
        "een levering is uitgesteld",
        "de volgende nacht leest haar opnieuw; blijft het zo, lees dan de reden met leerplicht status",
    ),
    Soort.LAAT: ("een bron is te laat", "vraag de bron waar de levering blijft"),
    Soort.OPZIJ: ("een release was veranderd", "zoek uit wat haar veranderde; haal haar daarna weg uit werk/opzij in het meer"),
    Soort.VERWIJDERD: (
        "verwijderde personen staan nog in het magazijn",
        "herstel wat de nacht tegenhoudt, en draai leerplicht run: dat vervangt het magazijn",
    ),
    Soort.BESCHADIGD: ("een bestand is beschadigd", "lees met leerplicht status welk; zet het terug uit de reservekopie"),
    Soort.ONLEESBAAR: ("het meer is niet te lezen", "kijk of de schijf er is, en van wie het meer is"),
    Soort.KANAAL: ("een kanaal voor alarmen werkt niet", "probeer het met leerplicht alarm --test"),
}

ENDINGS = {
    Afloop.MISLUKT: "er was iets niet in orde",
    Afloop.INSTELLING: "een instelling klopt niet",
    Afloop.POORT_ROOD: "een toets keurde de gegevens af",
    Afloop.GEWEIGERD: "een levering houdt de publicatie tegen (LEERPLICHT_STRICT)",
    Afloop.SCHIJF: "de schijf is vol, geeft fouten of mag niet worden beschreven",
    Afloop.BESCHADIGD: "een bestand in het meer is beschadigd",
    Afloop.FOUT: "er is een fout in de pijplijn zelf",
    Afloop.AFGEBROKEN: "zij is afgebroken voordat zij klaar was",
}
ONE_REASON = (Afloop.SCHIJF, Afloop.AFGEBROKEN)  # another sentence of these is not another cause


@dataclass(frozen=True)
class Cause:
    """Something that is wrong.

    Args:
        soort: Its kind.
        over: What it is about; with the kind its identity.
        zin: What is wrong, in one Dutch sentence.
        inhoud: What it consists of; if more comes to it, the alarm is given again.
        voorbij: Whether it is over already, and only has to be told.
    """

    soort: Soort
    over: str
    zin: str
    inhoud: tuple[str, ...] = ()
    voorbij: bool = False

    @property
    def key(self) -> str:
        """Its identity."""
        return f"{self.soort}:{self.over}"


def standing(state: State, hours: int) -> list[Cause]:
    """Return the causes that stand, the gravest first.

    Args:
        state: The lake.
        hours: Hours without publication after which that is a cause.
    """
    found = [*_faults(state), *_of_last_run(state), *_died(state), *_hangs(state)]
    if not _is_explained(state, hours) and (silent := silence(state.published, state.now, hours)):
        found.append(silent)
    found += [*_refused(state), *_postponed(state), *_late(state), *_aside(state), *_removed(state)]
    return list({cause.key: cause for cause in found}.values())


def fingerprint(text: str) -> str:
    """Return a short hash: a sentence with a name in it identifies a cause without being kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _faults(state: State) -> Iterator[Cause]:
    for soort, verb in ((Soort.BESCHADIGD, "is beschadigd"), (Soort.ONLEESBAAR, "is niet te lezen")):
        parts = [fault.deel for fault in state.faults if fault.beschadigd == (soort is Soort.BESCHADIGD)]
        if parts:
            yield Cause(soort, "meer", f"{', '.join(parts)}: {verb}.", tuple(parts))


def _of_last_run(state: State) -> Iterator[Cause]:
    """Yield why the last run did not end well. While a run is busy nothing is sure: it may be writing the verdicts."""
    run = state.last
    if state.busy or run is None or run.afloop is None or run.afloop.is_good:
        return
    if run.afloop is Afloop.AFGEBROKEN or (run.afloop is Afloop.GEWEIGERD and (state.refused or state.postponed)):
        return  # `_died`, `_refused` and `_postponed` say it
    if run.afloop is Afloop.BESCHADIGD:
        if any(fault.beschadigd for fault in state.faults):
            return  # it is found here too
        yield Cause(Soort.BESCHADIGD, "meer", f"De run van {words.at(run.begon)} {_unpublished(run)}.", (fingerprint(run.reden),))
        return
    red = [verdict for verdict in state.verdicts if not verdict.passed and _is_of(verdict, run)] if run.afloop is Afloop.POORT_ROOD else []
    for verdict in red:
        rules = tuple(fingerprint(f"{found.plek}: {found.verwachting}") for found in verdict.red)
        yield Cause(Soort.POORT, verdict.poort, _gate(verdict), rules)
    if not red:
        reason = () if run.afloop in ONE_REASON else (fingerprint(run.reden),)
        yield Cause(Soort.RUN, f"{run.afloop}/{run.stap}", f"De run van {words.at(run.begon)} {_unpublished(run)}.", reason)


def _unpublished(run: Run) -> str:
    """Return how a run ended that did not end well."""
    step = f" in de stap {run.stap}" if run.stap else ""
    return f"heeft niet gepubliceerd: {ENDINGS.get(run.afloop or Afloop.FOUT, '')}{step}"


def _is_of(verdict: Verdict, run: Run) -> bool:
    return bool(verdict.op) and datetime.fromisoformat(verdict.op) >= run.begon.replace(microsecond=0)


def _gate(verdict: Verdict) -> str:
    """Return what a gate found, without the places of rules on files: those hold published figures."""
    shown = "; ".join(f"{found.plek}: {found.verwachting} ({found.afwijkend} afwijkend)" for found in verdict.red[:SHOWN])
    more = f"; en nog {len(verdict.red) - SHOWN} regels" if len(verdict.red) > SHOWN else ""
    return f"De poort {verdict.poort} keurt de gegevens af: {shown or 'zij heeft niets beoordeeld'}{more}."


def _died(state: State) -> Iterator[Cause]:
    """Yield the runs that died: since the last good run, and right before it, which that run made up for."""
    good = [place for place, run in enumerate(state.begun) if run.afloop and run.afloop.is_good]
    first, last = (good[-2] if len(good) > 1 else -1), (good[-1] if good else -1)
    for place, run in enumerate(state.begun):
        died = run.afloop is Afloop.AFGEBROKEN or (run.eindigde is None and not state.is_held)
        if died and place > first:
            over = place < last
            after = " De run daarna is goed geëindigd." if over else ""
            zin = f"De run van {words.at(run.begon)} is gestopt voordat zij klaar was.{after}"
            yield Cause(Soort.GESTORVEN, run.begon.isoformat(), zin, voorbij=over)


def _hangs(state: State) -> Iterator[Cause]:
    run = state.busy
    if run and state.now - run.begon > LONGEST:
        yield Cause(Soort.HANGT, run.begon.isoformat(), f"De run van {words.at(run.begon)} is langer dan {words.period(LONGEST)} bezig.")


def _is_explained(state: State, hours: int) -> bool:
    """Return whether another cause says why nothing was published: the lake, or a run that began in the time in which one should have."""
    if state.faults or any(_hangs(state)):
        return True
    latest = state.begun[-1] if state.begun else None
    return latest is not None and state.now - latest.begon <= timedelta(hours=hours) and not (latest.afloop and latest.afloop.is_good)


def silence(published: datetime | None, now: datetime, hours: int) -> Cause | None:
    """Return the cause that nothing was published for some hours; None if something was.

    Args:
        published: When something was published last; None if never.
        now: The present.
        hours: The hours.
    """
    if published is None:
        return Cause(Soort.STIL, "publicatie", "Er is nog nooit gepubliceerd.")
    if now - published <= timedelta(hours=hours):
        return None
    return Cause(Soort.STIL, "publicatie", f"Er is niets gepubliceerd sinds {words.at(published)}, langer dan {hours} uur.")


def _refused(state: State) -> Iterator[Cause]:
    """Yield one cause for each bron and code: a column that is gone is one fault, however many deliveries lack it."""
    for (bron, code), found in _grouped(state.refused):
        verb = "is 1 levering" if len(found) == 1 else f"zijn {len(found)} leveringen"
        meaning = f"{REASONS[code].uitleg} " if code in REASONS else ""
        zin = f"Van {_named(state, bron)} {verb} geweigerd ({code}{_which(found)}): {meaning}Deze gegevens ontbreken in de cijfers."
        yield Cause(Soort.GEWEIGERD, f"{bron}/{code}", zin, tuple(fingerprint(entry.file) for entry in found))


def _grouped(entries: Iterable[LedgerEntry]) -> Iterator[tuple[tuple[str, str], list[LedgerEntry]]]:
    def kind(entry: LedgerEntry) -> tuple[str, str]:
        return entry.bron, entry.code

    for key, found in groupby(sorted(entries, key=kind), kind):
        yield key, list(found)


def _which(entries: Iterable[LedgerEntry]) -> str:
    names = [name for entry in entries if (name := words.own_name(entry.levering))]
    more = f" en nog {len(names) - SHOWN}" if len(names) > SHOWN else ""
    return f"; {', '.join(names[-SHOWN:])}{more}" if names else ""


def _postponed(state: State) -> Iterator[Cause]:
    for bron, group in groupby(sorted(state.postponed, key=lambda one: one.bron), lambda one: one.bron):
        found = list(group)
        verb = "is 1 levering" if len(found) == 1 else f"zijn {len(found)} leveringen"
        zin = f"Van {_named(state, bron)} {verb} uitgesteld: zij {'was' if len(found) == 1 else 'waren'} deze nacht niet te lezen."
        yield Cause(Soort.UITGESTELD, bron, zin, tuple(fingerprint(one.sentence) for one in found))


def _late(state: State) -> Iterator[Cause]:
    for source in state.bronnen:
        if source.laatste and source.is_missing(state.now):
            zin = f"{source.naam} is te laat: de laatste levering is van {words.day(source.laatste)}, en elke {words.period(source.elke)}"
            yield Cause(Soort.LAAT, source.bron, f"{zin.replace('elke 1 dag', 'elke dag')} wordt er een verwacht.")


def _aside(state: State) -> Iterator[Cause]:
    for zone, name in state.aside:
        zin = f"Een release in {zone} was veranderd nadat zij was gepubliceerd, en staat opzij: {name.partition('@')[0]}."
        yield Cause(Soort.OPZIJ, f"{zone}/{name}", zin)


def _removed(state: State) -> Iterator[Cause]:
    """Yield that the warehouse in use still holds removed persons, even if the run has a cause too: they may have asked for it."""
    for moment in state.removed if not state.busy else ():
        zin = f"Op {words.at(moment)} zijn personen verwijderd of hernoemd; het magazijn dat analisten openen is van ervoor."
        yield Cause(Soort.VERWIJDERD, "magazijn", zin)


def _named(state: State, bron: str) -> str:
    return next((source.naam for source in state.bronnen if source.bron == bron), bron)
