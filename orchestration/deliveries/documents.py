"""Deliveries as JSON documents, for `status --json` and `check --json`.

Put here: the keys of those documents, in Dutch as the ledger and the quarantine name them. Keep out: what a person reads (`console.py`).
`docs/leveringen.md` describes the keys.
"""

from typing import Any

from expectations import contract as contracts
from orchestration.deliveries import ingest, ledger
from orchestration.deliveries.check import Checked
from orchestration.deliveries.reasons import Refusal
from orchestration.lake import Lake
from orchestration.scrub import printable

# a checked delivery is not kept: it has no moment, no run, and no files in the lake
NOT_KEPT: dict[str, Any] = {"gezien": True, "run": True, "entiteiten": {"__all__": {"rijen", "quarantaine"}}}


def status_document(lake: Lake, bron: str | None) -> dict[str, Any]:
    """Return all entries of the ledger, the deliveries that wait or will be read, and what is misplaced in landing.

    Args:
        lake: The lake.
        bron: Only this bron; None for all.
    """
    wanted = (bron,) if bron else contracts.BRONNEN
    return {
        "leveringen": [entry.model_dump(mode="json") for name in wanted for entry in ledger.read(lake, name)],
        "wachtend": [
            {"bron": folder.bron, "levering": printable(folder.levering), "bestanden": folder.files}
            for folder in ingest.waiting(lake)
            if folder.bron in wanted
        ],
        "klaar": [{"bron": name, "levering": printable(levering)} for name, levering in ingest.pending(lake) if name in wanted],
        "hoort_nergens_bij": [f"landing/{path}" for path in ingest.strays(lake)],
    }


def checked_document(checked: Checked) -> dict[str, Any]:
    """Return the verdict on a delivery, with all its rejected rows per entiteit."""
    entry = checked.entry.model_dump(mode="json", exclude=NOT_KEPT)
    return {"naam": printable(checked.name), "in_grootboek": checked.on_record, **entry, "afgewezen_rijen": checked.rejected}


def refused_document(refusal: Refusal) -> dict[str, Any]:
    """Return the verdict on files that cannot be read as a delivery."""
    return {"in_grootboek": False, "oordeel": "geweigerd", "code": refusal.code, "reden": refusal.reden}
