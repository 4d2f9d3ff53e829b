"""Puts a gated candidate before the readers of a zone: complete or not at all, never altered once it is there.

Written beside, synced, renamed in one step; then the pointer is replaced. A crash before the rename leaves a folder with a dot before its
name that the next run removes; a crash after it leaves a whole release that the next run finds and points at.

A release of `openbaar` has a proof that it discloses nobody. It is checked on the very files that go out, and put in place before they are:
there is never a release without its proof.

Put here: the steps and their order. Keep out: what the files hold.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from expectations import gate, page, published
from orchestration.lake import Lake, digest, make_private, put_in_place, remove, sync_folder
from orchestration.publication import candidate, catalogue, derived, integrity, manifest, parquet, register
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.register import CURRENT, RELEASES
from orchestration.settings import Settings

INTERN, OPENBAAR = register.ZONES
STAGING = ".in_aanbouw"
NEW_POINTER = ".current.nieuw"
# what the gates before `openbaar` counted are the true figures: it shows only what its own gate found
GATES_SHOWN = {INTERN: gate.POORTEN, OPENBAAR: (gate.OPENBAAR,)}


@dataclass(frozen=True)
class Published:
    """The release that readers now see.

    Args:
        name: Its name, which says what it holds.
        folder: Where it is.
    """

    name: str
    folder: Path


def publish(lake: Lake, settings: Settings, zone: str, verdict: gate.Verdict) -> Published:
    """Publish the candidate of a run, when this verdict and those of the gates before it are about the very files that it is made of.

    A candidate of the same bytes as an earlier release publishes nothing new: that release is checked against
    its own hashes, and pointed at.

    Args:
        lake: The lake of the run that makes the release.
        settings: What the release was made with, for its manifest.
        zone: `intern`, or `openbaar` whose candidate has a proof beside it.
        verdict: What the zone's own gate found.

    Raises:
        GateError: A gate is red, did not run, or judged other files, or a file breaks one of its rules.
        ReleaseError: A table is missing, no delivery was accepted, the release that is there was altered, or the proof of `openbaar` does
            not hold.
    """
    folder = make_private(lake.published(zone))
    _remove_leftovers(lake, zone)
    register.note_published(lake, zone)
    staging = make_private(folder / STAGING)
    try:
        name = _release(lake, zone, settings, staging, verdict)
    finally:
        remove(staging)
    _point_at(folder, name)
    register.tell(lake, zone)
    page.write_next_to_releases(lake, zone, name, GATES_SHOWN[zone])
    return Published(name, folder / RELEASES / name)


def _release(lake: Lake, zone: str, settings: Settings, staging: Path, verdict: gate.Verdict) -> str:
    """Make the release in `staging` and put it in place, or find that it is there already; give its name."""
    hashes = _collect(lake, zone, staging, verdict)
    if not (files := gate.look_at_files(verdict, staging, lake)).passed:
        raise gate.GateError(files.sentence)
    deliveries = pq.read_table(staging / "leveringen.parquet").to_pylist()
    try:
        kennisdatum = manifest.latest_kennisdatum(deliveries)
    except ValueError as problem:
        raise ReleaseError(str(problem)) from problem
    name = manifest.release_name(kennisdatum, hashes)
    if zone == OPENBAAR:
        _prove(lake, staging, name)
    folder = lake.published(zone) / RELEASES / name
    if folder.exists():
        integrity.check(folder, hashes)
        return name
    (staging / catalogue.FILE).write_bytes(catalogue.describe(staging, name, zone, kennisdatum, settings))
    (staging / manifest.MANIFEST).write_bytes(manifest.describe(staging, name, zone, settings, lake.run, deliveries, hashes))
    everything = hashes | {file: digest(staging / file) for file in (catalogue.FILE, manifest.MANIFEST)}
    (staging / manifest.SUMS).write_text(manifest.sums(everything), encoding="utf-8")
    put_in_place(staging, folder)
    register.note_published(lake, zone, made=name)
    return name


def _collect(lake: Lake, zone: str, staging: Path, verdict: gate.Verdict) -> dict[str, str]:
    """Copy the candidate, add what the gates said, and write what is made of all that; give each file's hash."""
    for table in candidate.tables():
        source = lake.candidate_of(zone) / table.file
        if not source.is_file():
            raise ReleaseError(f"de kandidaat heeft geen {source.name}")
        shutil.copyfile(source, staging / source.name)
    gates = published.table(candidate.GATES)
    parquet.write(staging / gates.file, _gates(lake, zone, verdict), gates.schema)
    derived.write(staging, zone)
    return {path.name: digest(path) for path in staging.iterdir()}


def judged(lake: Lake) -> tuple[gate.Verdict, gate.Verdict]:
    """The verdicts on the deliveries, and on the warehouse that analysts open, which was made of them.

    Raises:
        GateError: One is missing or red, or judged other bytes: a night was not finished, or an earlier one was put back.
    """
    sources, warehouse = gate.read("bronnen", lake), gate.read("warehouse", lake)
    sources.require(lake.ledger)
    warehouse.require(lake.warehouse_current, after=sources)
    return sources, warehouse


def _gates(lake: Lake, zone: str, verdict: gate.Verdict) -> list[dict[str, object]]:
    """What the gates found, as rows of `poorten`: of every gate for `intern`, of its own gate alone for `openbaar`."""
    sources, warehouse = judged(lake)
    verdict.require(lake.candidate_of(zone))
    return [
        {
            "poort": finding.poort,
            "verwachting": finding.verwachting,
            "kolom": finding.plek,
            "ernst": finding.ernst,
            "geslaagd": finding.geslaagd,
            "gezien": finding.gezien,
            "afwijkend": finding.afwijkend,
        }
        for found in (sources, warehouse, verdict)
        if found.poort in GATES_SHOWN[zone]
        for finding in found.on_tables
    ]


def _prove(lake: Lake, staging: Path, name: str) -> None:
    """Let nothing through that has no proof, and put the proof in place before what it proves.

    One that is in place already, of the same release or left by a killed night, must prove these files as well; it is never replaced.
    """
    from orchestration.publication.disclosure.proof import ProofError, check  # the solver behind it takes half a second to load

    place = lake.proof_of(name)
    private = place if place.exists() else lake.proof_candidate
    if not private.is_dir():
        raise ReleaseError("de kandidaat van openbaar heeft geen bewijs dat zij niemand onthult")
    try:
        check(staging, private)
    except ProofError as problem:
        raise ReleaseError(f"openbaar onthult te veel, of haar bewijs klopt niet: {problem}") from problem
    if private != place:
        put_in_place(private, place)


def _point_at(zone: Path, name: str) -> None:
    """Replace `current`; untouched when it already says so."""
    target = f"{RELEASES}/{name}"
    pointer = zone / CURRENT
    if not pointer.is_symlink() or str(pointer.readlink()) != target:
        beside = zone / NEW_POINTER
        beside.symlink_to(target)
        beside.replace(pointer)
        sync_folder(zone)


def _remove_leftovers(lake: Lake, zone: str) -> None:
    """Remove what an interrupted run left: one night at a time runs on a lake, so nobody is writing it."""
    folder = lake.published(zone)
    for path in (folder / STAGING, folder / NEW_POINTER, *folder.glob(".*.tmp"), *lake.register.parent.glob(".*.tmp")):
        remove(path)
