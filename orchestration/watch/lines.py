"""The morning in sentences: what the screen and the page say, from one document.

Put here: those sentences, in Dutch. Keep out: layout (`page.py`, `console.py`), and what is true (`document.py`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from orchestration.watch import words

KINDS = {
    "cijfer": ("cijfer anders", "cijfers anders"),
    "status": ("status anders", "statussen anders"),
    "nieuw": ("rij erbij", "rijen erbij"),
    "weg": ("rij weg", "rijen weg"),
}
SLOWEST = 3


def headline(shown: Mapping[str, Any]) -> str:
    """Return whether was published, or why not."""
    run, since = shown["laatste_run"], shown["gepubliceerd"]["laatst"]
    if shown["loopt_sinds"]:
        return f"Er loopt een run sinds {_at(shown['loopt_sinds'])}."
    if run is None:
        return "Er is nog geen run geweest." if since is None else f"Gepubliceerd op {_at(since)}."
    if run["gepubliceerd"]:
        news = "met nieuwe cijfers" if "intern" in run["nieuw"] else "de cijfers zijn gelijk gebleven"
        return f"Gepubliceerd op {_at(run['eindigde'])}: {news}."
    return f"Niet gepubliceerd op {_at(run['eindigde'])}: {run['reden'] or run['afloop']}"


def readers(shown: Mapping[str, Any]) -> str:
    """Return which figures readers have."""
    release, since = shown["gepubliceerd"]["intern"], shown["gepubliceerd"]["laatst"]
    return f"release {release} van {words.day(datetime.fromisoformat(since))}" if release and since else "nog geen"


def duration(shown: Mapping[str, Any]) -> str:
    """Return how long the last run took, and its slowest steps."""
    run = shown["laatste_run"]
    if run is None or run["seconden"] is None:
        return "nog geen run"
    slowest = sorted(run["stappen"].items(), key=lambda step: -step[1])[:SLOWEST]
    steps = ", ".join(f"{name} {words.period(timedelta(seconds=seconds))}" for name, seconds in slowest)
    return f"{words.period(timedelta(seconds=run['seconden']))}{f' (langst: {steps})' if steps else ''}"


def came(shown: Mapping[str, Any]) -> str:
    """Return what was delivered since the last run began."""
    found = [
        f"{bron} {', '.join(f'{count} {verdict}' for verdict, count in counts.items())}"
        for bron, counts in shown["gekomen"].items()
        if counts
    ]
    return "; ".join(found) or "niets nieuws"


def missing(shown: Mapping[str, Any]) -> str:
    """Return what is not there."""
    lacking = shown["ontbreekt"]
    never = [source["bron"] for source in shown["bronnen"] if source["laatste"] is None]
    found = [
        words.number(len(lacking["geweigerd"]), "geweigerde levering", "geweigerde leveringen") if lacking["geweigerd"] else "",
        words.number(len(lacking["uitgesteld"]), "uitgestelde levering", "uitgestelde leveringen") if lacking["uitgesteld"] else "",
        words.number(lacking["niet_af"], "levering die niet af is", "leveringen die niet af zijn") if lacking["niet_af"] else "",
        f"te laat: {', '.join(lacking['te_laat'])}" if lacking["te_laat"] else "",
        f"nog nooit geleverd: {', '.join(never)}" if never else "",
    ]
    return "; ".join(filter(None, found)) or "niets"


def changes(shown: Mapping[str, Any]) -> str:
    """Return how many figures differ from the release before."""
    found = shown["veranderd"]
    if found is None:
        return "er is geen eerdere release"
    counts = [words.number(count, *KINDS[kind]) for kind, count in found["aantallen"].items()]
    return f"{', '.join(counts) or 'niets'}, vergeleken met release {found['van']}"


def change(found: Mapping[str, str]) -> str:
    """Return one changed figure."""
    return f"{found['label']}, {found['gemeente']}, {found['schooljaar']}: {found['van'] or 'niets'} → {found['naar'] or 'niets'}"


def expected(shown: Mapping[str, Any]) -> str:
    """Return when each source is expected to deliver."""
    found = [
        f"{source['bron']} {words.day(datetime.fromisoformat(source['verwacht']))}" for source in shown["bronnen"] if source["verwacht"]
    ]
    return ", ".join(found) or "nog niet bekend"


def alarms(shown: Mapping[str, Any]) -> str:
    """Return whether somebody gets alarms."""
    number, failed = shown["kanalen"]["ingesteld"], shown["kanalen"]["mislukt"]
    if not number:
        return "gaan nergens heen (LEERPLICHT_ALARM_URLS is leeg)"
    return f"gaan over {words.number(number, 'kanaal', 'kanalen')}{f'; {len(failed)} werkt niet' if failed else ''}"


def _at(moment: str) -> str:
    return words.at(datetime.fromisoformat(moment))
