"""The state of the lake as one document: what `status.json`, `status.html`, `status` and `healthcheck` show.

Put here: its keys, in Dutch; `docs/nacht.md` describes them. Keep out: layout (`page.py`, `console.py`).
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orchestration import clock
from orchestration.lake import Lake
from orchestration.runs import Run
from orchestration.settings import Settings
from orchestration.watch import alarms, channels, figures
from orchestration.watch.causes import Cause, Soort, silence
from orchestration.watch.figures import Changed
from orchestration.watch.state import State
from orchestration.whole import DamageError


def document(lake: Lake, settings: Settings, state: State, causes: Sequence[Cause]) -> dict[str, Any]:
    """Return the document.

    Args:
        lake: The lake.
        settings: Gives the channels.
        state: The state of the lake.
        causes: What is wrong with it, also the channels that fail.
    """
    late = [source.bron for source in state.bronnen if source.is_late(state.now)]
    return {
        "op": state.now.isoformat(timespec="seconds"),
        "gemeenten": list(state.gemeenten),
        "in_orde": not any(not cause.voorbij for cause in causes),
        "gepubliceerd": {
            "laatst": state.published.isoformat(timespec="seconds") if state.published else None,
            "intern": state.release("intern"),
            "openbaar": state.release("openbaar"),
        },
        "loopt_sinds": state.busy.begon.isoformat(timespec="seconds") if state.busy else None,
        "laatste_run": _run(state.last),
        "oorzaken": [_cause(cause) for cause in causes],
        "gekomen": {
            source.bron: dict(Counter(entry.oordeel for entry in state.came if entry.bron == source.bron)) for source in state.bronnen
        },
        "ontbreekt": {
            "geweigerd": [f"{entry.bron}/{entry.levering}" for entry in state.refused],
            "uitgesteld": [f"{one.bron}/{one.levering}" for one in state.postponed],
            "niet_af": state.waiting,
            "te_laat": late,
        },
        "veranderd": _changed(lake),
        "bronnen": [
            {
                "bron": source.bron,
                "naam": source.naam,
                "laatste": source.laatste.isoformat(timespec="seconds") if source.laatste else None,
                "verwacht": source.verwacht.isoformat(timespec="seconds") if source.verwacht else None,
                "te_laat": source.bron in late,
            }
            for source in state.bronnen
        ],
        "kanalen": {"ingesteld": len(channels.of(settings)), "mislukt": [cause.zin for cause in alarms.failing(lake, settings)]},
    }


def as_last_written(lake: Lake, settings: Settings) -> dict[str, Any]:
    """Return the document that the last run or check of the owner wrote, with what follows from its age: all that another user may know.

    Without one that this user may read, the lake is unreadable, and that is the only cause.
    """
    now = clock.now()
    try:
        shown: dict[str, Any] = json.loads(lake.status_document.read_bytes())
    except (OSError, ValueError):
        nothing = State(now, settings.gemeenten, (), False, (), (), (), 0, (), (), (), (), ())
        return document(lake, settings, nothing, [Cause(Soort.ONLEESBAAR, "meer", "Het meer is voor deze gebruiker niet te lezen.")])
    latest = shown["gepubliceerd"]["laatst"]
    published = datetime.fromisoformat(latest) if latest else None
    known = {cause["soort"] for cause in shown["oorzaken"]}
    if Soort.STIL not in known and (silent := silence(published, now, settings.alarm_hours)):
        shown |= {"oorzaken": [_cause(silent), *shown["oorzaken"]], "in_orde": False}
    return shown


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    kept = run.model_dump(
        mode="json", include={"run", "taak", "begon", "eindigde", "afloop", "reden", "stap", "stappen", "nieuw", "let_op"}
    )
    return kept | {"seconden": run.seconds, "gepubliceerd": run.published}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "soort": cause.soort.value, "over": cause.over, "zin": cause.zin, "doen": cause.soort.todo, "voorbij": cause.voorbij,
    }  # fmt: skip


def _changed(lake: Lake) -> dict[str, Any] | None:
    try:
        found: Changed | None = figures.changed(lake)
    except (DamageError, OSError):
        return None  # a cause says so
    if found is None:
        return None
    largest = [
        {**{name: change.row[name] for name in ("label", "gemeente", "schooljaar")}, "van": change.van, "naar": change.naar}
        for change in found.grootste
    ]
    return {"van": found.van, "naar": found.naar, "aantallen": found.aantallen, "grootste": largest}
