"""Makes releases definitief: a person decides, the register records who and why, and it cannot be undone.

A year is settled for both audiences at once: the release of `openbaar`, and the release of `intern` that it was made of, which its proof
names (decision 054).

Put here: which releases may be approved, and which belong together. Keep out: the register itself (`register.py`).
"""

import json
from collections.abc import Sequence

from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.publication import integrity, manifest, register
from orchestration.publication.disclosure import known
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.register import CURRENT, Line, Release

INTERN, OPENBAAR = register.ZONES
ALONE = "of stel alleen deze vast met --zone"


class DecidedError(ReleaseError):
    """All that was asked for is definitief already."""


def approve(lake: Lake, zone: str | None, name: str, *, door: str, omdat: str) -> list[Release]:
    """Make a release definitief, in both zones with one write of the register: a kill leaves both definitief, or none.

    The caller holds the lake's lock. `status.json` follows from the register; after a kill, the next command that takes the lake writes it.

    Args:
        lake: The lake.
        zone: Only this zone; None for both.
        name: The release (without a zone: either of the two), a prefix of its name, or `current`.
        door: Person who decides it.
        omdat: Reason; may be empty.

    Returns:
        The releases that it made definitief: not the one of a pair that was so already.

    Raises:
        DecidedError: All is definitief already.
        ReleaseError: There is no such release, it has no counterpart in the other zone, or its files differ from what was published.
    """
    if not door.strip():
        raise ReleaseError("zeg wie dit besluit; dat komt in het register")
    found = pair(lake, name) if zone is None else [register.find(lake, zone, name)]
    undecided = [one for one in found if not one.approved]
    for one in undecided:
        integrity.check(one.folder)
        if digest(one.folder / manifest.SUMS) != one.sha256:
            raise ReleaseError(f"{one.name} is niet wat is gepubliceerd: {manifest.SUMS} is veranderd")
        register.note_published(lake, one.zone)
    if undecided:
        moment = manifest.now()
        register.add(lake, *(Line(moment, one.zone, one.name, one.sha256, "definitief", door.strip(), omdat.strip()) for one in undecided))
    for one in found:
        register.write_status(lake, one.zone)  # also of a decision that a kill cut off here
    if not undecided:
        raise DecidedError("; ".join(_already(one) for one in found))
    return [register.find(lake, one.zone, one.name) for one in undecided]


def pair(lake: Lake, name: str) -> list[Release]:
    """Return a release of `intern` and the last of `openbaar` that was made of it.

    Args:
        lake: The lake.
        name: Either of the two, a prefix of its name, or `current`: the one that readers of `intern` see.

    Raises:
        ReleaseError: There is no such release, or nothing of `openbaar` was made of it.
    """
    intern = {one.name: one for one in register.releases(lake, INTERN)}
    public = {made_of(lake, one): one for one in register.releases(lake, OPENBAAR)}  # of several that were made of it, the last
    wanted = (lake.published(INTERN) / CURRENT).resolve().name if name == CURRENT else name
    pairs = [[intern[origin], one] for origin, one in public.items() if origin in intern]
    found = [both for both in pairs if any(wanted and one.name.startswith(wanted) for one in both)]
    if not found:
        raise ReleaseError(_alone(_found_anywhere(lake, name), pairs))
    named = [one for one in (*intern.values(), *register.releases(lake, OPENBAAR)) if one.name.startswith(wanted)]
    if len(found) > 1 or not {one.name for one in named} <= {one.name for one in found[0]}:
        raise ReleaseError(f"{name} kan elk van {len(named)} releases zijn: {', '.join(one.name for one in named)}")
    return found[0]


def made_of(lake: Lake, public: Release) -> str:
    """Return the name of the release of `intern` that one of `openbaar` was made of, by its proof; empty if the proof is gone."""
    proof = lake.proof_of(public.name) / known.SUMMARY
    return str(json.loads(proof.read_text(encoding="utf-8")).get("intern", "")) if proof.is_file() else ""


def _found_anywhere(lake: Lake, name: str) -> Release:
    """Return the release of either zone with that name."""
    try:
        return register.find(lake, INTERN, name)
    except ReleaseError:
        if name == CURRENT or not any(one.name.startswith(name) for one in register.releases(lake, OPENBAAR)):
            raise
        return register.find(lake, OPENBAAR, name)


def _alone(found: Release, pairs: Sequence[Sequence[Release]]) -> str:
    if found.zone == OPENBAAR:
        return f"van {found.name} is de release in intern er niet meer; {ALONE} {OPENBAAR}"
    told = f"van {found.name} is niets in openbaar gemaakt"
    if pairs:
        origin, public = pairs[-1]
        return f"{told}: daar staat {public.name}, van {origin.name}; bedoelt u die, noem haar dan, {ALONE} {INTERN}"
    return f"{told}; geef eerst leerplicht publish --zone openbaar, {ALONE} {INTERN}"


def _already(one: Release) -> str:
    return f"{one.name} is al definitief, sinds {one.approved.op}, door {one.approved.door}" if one.approved else ""
