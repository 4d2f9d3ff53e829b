"""Publishes a validated candidate in a zone: atomically, and immutable from then on.

A release is written to a staging folder, fsynced and atomically renamed; then the `current` pointer is replaced. A crash before the rename
leaves a dot folder that the next run removes; a crash after it leaves a complete release that the next run finds and points `current` at.

A release of `openbaar` has a proof that it discloses nobody. The proof is checked against the staged files and moved into place before
them, so there is never a release without its proof.

Put here: the steps and their order. Keep out: the contents of the files.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from expectations import gate, page, published
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private, remove, sync_folder
from orchestration.publication import candidate, catalogue, derived, integrity, manifest, parquet, register
from orchestration.publication.integrity import ReleaseError
from orchestration.publication.register import CURRENT, RELEASES
from orchestration.settings import Settings

INTERN, OPENBAAR = register.ZONES
STAGING = ".in_aanbouw"
NEW_POINTER = ".current.nieuw"


@dataclass(frozen=True)
class Published:
    """The release that `current` points at.

    Args:
        name: Its name, derived from its contents.
        folder: Its folder.
        is_new: Whether `current` pointed at another one before.
    """

    name: str
    folder: Path
    is_new: bool = field(compare=False)


def publish(lake: Lake, settings: Settings, zone: str, verdict: gate.Verdict) -> Published:
    """Publish the candidate of a run, if this verdict and those of the earlier gates are green and cover exactly the files it is made of.

    If the candidate has the same bytes as an earlier release, that release is checked against its hashes and `current` points at it.

    Args:
        lake: The lake of the run that makes the release.
        settings: The settings that the release was made with, for its manifest.
        zone: `intern`, or `openbaar`, whose candidate comes with a proof.
        verdict: The verdict of the zone's own gate.

    Raises:
        GateError: A gate is red, did not run, or validated other files, or a file breaks one of the gate's rules.
        ReleaseError: A table is missing, the existing release was altered, or the proof of `openbaar` is invalid.
    """
    folder = lake.published(zone)
    before = (folder / CURRENT).resolve().name
    _remove_leftovers(lake, zone)
    register.note_published(lake, zone)
    staging = make_private(folder / STAGING)
    try:
        name = _release(lake, zone, settings, staging, verdict)
    finally:
        remove(staging)
    _point_at(folder, name)
    register.write_status(lake, zone)
    if zone == INTERN:
        page.write_next_to_releases(lake, name)
    return Published(name, folder / RELEASES / name, name != before)


def _release(lake: Lake, zone: str, settings: Settings, staging: Path, verdict: gate.Verdict) -> str:
    """Make the release in `staging` and move it into place unless it exists already; return its name."""
    hashes = _collect(lake, zone, staging, verdict)
    if not (files := gate.judge_files(verdict, staging, lake)).passed:
        raise gate.GateError(files.sentence)
    kennisdatum = manifest.latest_kennisdatum(parquet.read(staging, "bronnen"))
    name = manifest.release_name(kennisdatum, hashes)
    if zone == OPENBAAR:
        _prove(lake, staging, name)
    folder = lake.published(zone) / RELEASES / name
    if folder.exists():
        integrity.check(folder, hashes)
        return name
    (staging / catalogue.FILE).write_bytes(catalogue.describe(staging, name, zone, kennisdatum, settings))
    (staging / manifest.MANIFEST).write_bytes(manifest.describe(staging, name, zone, settings, lake, kennisdatum, hashes))
    everything = hashes | {file: digest(staging / file) for file in (catalogue.FILE, manifest.MANIFEST)}
    (staging / manifest.SUMS).write_text(manifest.sums(everything), encoding="utf-8")
    lake.put_in_place(staging, folder)
    register.note_published(lake, zone, made=name)
    return name


def _collect(lake: Lake, zone: str, staging: Path, verdict: gate.Verdict) -> dict[str, str]:
    """Copy the candidate, add the findings of the gates, and write the derived files; return the hash of each file."""
    verdicts = (*judged(lake), verdict)
    verdict.require(lake.candidate_of(zone))
    for table in candidate.tables(zone):
        source = lake.candidate_of(zone) / table.file
        if not source.is_file():
            raise ReleaseError(f"de kandidaat heeft geen {source.name}")
        shutil.copyfile(source, staging / source.name)
    gates = published.table(candidate.GATES)
    if zone in gates.zones:
        parquet.write(staging / gates.file, _findings(verdicts), gates.schema)
    derived.write(staging, zone)
    return {path.name: digest(path) for path in staging.iterdir()}


def judged(lake: Lake) -> tuple[gate.Verdict, gate.Verdict]:
    """Return the verdicts on the deliveries and on the current warehouse, which was built from them.

    Raises:
        GateError: A verdict is missing, red or about other bytes: a night did not finish, or an earlier warehouse was restored.
    """
    sources, warehouse = gate.read("bronnen", lake), gate.read("warehouse", lake)
    sources.require(lake.ledger)
    warehouse.require(lake.warehouse_current, after=sources)
    return sources, warehouse


def _findings(verdicts: Iterable[gate.Verdict]) -> list[dict[str, object]]:
    """Return the findings of gates as rows of `poorten`."""
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
        for found in verdicts
        for finding in found.on_tables
    ]


def _prove(lake: Lake, staging: Path, name: str) -> None:
    """Refuse a release without a valid proof, and move the proof into place before the release.

    An existing proof, of the same release or left by a killed night, must also be valid for these files; it is never replaced.
    """
    from orchestration.publication.disclosure.proof import ProofError, check

    place = lake.proof_of(name)
    private = place if place.exists() else lake.proof_candidate
    if not private.is_dir():
        raise ReleaseError("de kandidaat van openbaar heeft geen bewijs dat zij niemand onthult")
    try:
        check(staging, private)
    except ProofError as problem:
        raise ReleaseError(f"openbaar onthult te veel, of haar bewijs klopt niet: {problem}") from problem
    if private != place:
        lake.put_in_place(private, place)


def _point_at(zone: Path, name: str) -> None:
    """Atomically replace `current`, unless it already points at the release."""
    target = f"{RELEASES}/{name}"
    pointer = zone / CURRENT
    if not pointer.is_symlink() or str(pointer.readlink()) != target:
        beside = zone / NEW_POINTER
        beside.symlink_to(target)
        beside.replace(pointer)
        sync_folder(zone)


def _remove_leftovers(lake: Lake, zone: str) -> None:
    """Remove the temporary files of an interrupted run; the lake's lock guarantees that no other run is writing them."""
    folder = lake.published(zone)
    for path in (folder / STAGING, folder / NEW_POINTER, *folder.glob(".*.tmp"), *lake.register.parent.glob(".*.tmp")):
        remove(path)
    if zone == OPENBAAR:
        remove(lake.quality_page_of(zone))  # earlier versions wrote one
