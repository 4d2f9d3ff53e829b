"""Puts a gated candidate before readers: complete or not at all, never altered once it is there.

Written beside, synced, renamed in one step; then the pointer is replaced. A crash before the rename leaves a folder with a dot before its
name that the next run removes; a crash after it leaves a whole release that the next run finds and points at.

Put here: the steps and their order. Keep out: what the files hold.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from expectations import gate
from orchestration.lake import Lake, make_private, remove, replace_bytes, sync_folder
from orchestration.publication import manifest, parquet, schemas
from orchestration.settings import Settings

ZONE = "intern"
RELEASES = "releases"
CURRENT = "current"
STAGING = ".in_aanbouw"
NEW_POINTER = ".current.nieuw"


class ReleaseError(Exception):
    """Nothing was published, and the message says why; what readers see did not change."""


@dataclass(frozen=True)
class Published:
    """The release that readers now see.

    Args:
        name: Its name, which says what it holds.
        folder: Where it is.
    """

    name: str
    folder: Path


def publish(lake: Lake, settings: Settings, run_id: str) -> Published:
    """Publish the candidate that passed its gate.

    A candidate of the same bytes as an earlier release publishes nothing new: that release is checked against
    its own hashes, and pointed at.

    Args:
        lake: The lake.
        settings: What the release was made with, for its manifest.
        run_id: The run that makes it, for its manifest.

    Raises:
        ReleaseError: A gate is red or did not run, a table is missing, no delivery was accepted, or the release that is there was altered.
    """
    zone = make_private(lake.published(ZONE))
    _remove_leftovers(zone)
    staging = make_private(zone / STAGING)
    try:
        name = _release(lake, settings, run_id, staging)
    finally:
        remove(staging)
    _point_at(zone, name)
    return Published(name, zone / RELEASES / name)


def _release(lake: Lake, settings: Settings, run_id: str, staging: Path) -> str:
    """Make the release in `staging` and put it in place, or find that it is there already; give its name."""
    hashes = _collect(lake, staging)
    deliveries = pq.read_table(staging / "leveringen.parquet").to_pylist()
    try:
        name = manifest.release_name(manifest.latest_kennisdatum(deliveries), hashes)
    except ValueError as problem:
        raise ReleaseError(str(problem)) from problem
    folder = lake.published(ZONE) / RELEASES / name
    if folder.exists():
        verify(folder, hashes)
        return name
    (staging / manifest.MANIFEST).write_bytes(manifest.describe(staging, name, settings, run_id, deliveries, hashes))
    everything = {**hashes, manifest.MANIFEST: manifest.sha256(staging / manifest.MANIFEST)}
    (staging / manifest.SUMS).write_text(manifest.sums(everything), encoding="utf-8")
    _put_in_place(staging, folder)
    return name


def verify(folder: Path, expected: Mapping[str, str] | None = None) -> None:
    """Check a release against its `SHA256SUMS`: every file in it is there, unaltered, and there is no other.

    Args:
        folder: The release.
        expected: The hashes that its data files must have, where they are known.

    Raises:
        ReleaseError: It is not what it was; the message names the files.
    """
    sums = folder / manifest.SUMS
    wanted = manifest.parse_sums(sums.read_text(encoding="utf-8")) if sums.is_file() else {}
    found = {path.name: manifest.sha256(path) for path in folder.iterdir() if path.is_file() and path != sums}
    names = wanted.keys() | found.keys() | {manifest.MANIFEST} | (expected or {}).keys()
    wrong = {name for name in names if wanted.get(name) != found.get(name) or name not in found}
    wrong |= {name for name, digest in (expected or {}).items() if found.get(name) != digest}
    if wrong:
        raise ReleaseError(
            f"release {folder.name} is niet meer wat zij was: {', '.join(sorted(wrong))}; zet haar map opzij en draai opnieuw, "
            "dan wordt zij opnieuw gemaakt"
        )


def _collect(lake: Lake, staging: Path) -> dict[str, str]:
    """Copy the candidate, and add what the gates said; give each file's hash."""
    for name in schemas.CANDIDATE:
        source = lake.candidate / f"{name}.parquet"
        if not source.is_file():
            raise ReleaseError(f"de kandidaat heeft geen {source.name}")
        shutil.copyfile(source, staging / source.name)
    parquet.write(staging / "poorten.parquet", _gates(lake), schemas.POORTEN)
    return {path.name: manifest.sha256(path) for path in staging.iterdir()}


def _gates(lake: Lake) -> list[dict[str, object]]:
    rows = []
    for poort in gate.POORTEN:
        try:
            verdict = gate.read(poort, lake)
        except FileNotFoundError as problem:
            raise ReleaseError(f"de poort {poort} heeft deze release niet gekeurd") from problem
        if not verdict.passed:
            raise ReleaseError(f"de poort {poort} is rood")
        rows += [
            {
                "poort": finding.poort,
                "verwachting": finding.verwachting,
                "kolom": f"{finding.tabel}.{finding.kolom}" if finding.kolom else finding.tabel,
                "ernst": finding.ernst,
                "geslaagd": finding.geslaagd,
                "gezien": finding.gezien,
                "afwijkend": finding.afwijkend,
            }
            for finding in verdict.findings
        ]
    return rows


def _put_in_place(staging: Path, folder: Path) -> None:
    for path in staging.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(staging)
    make_private(folder.parent)
    staging.rename(folder)
    sync_folder(folder.parent)
    sync_folder(folder.parent.parent)


def _point_at(zone: Path, name: str) -> None:
    """Replace `current`, and `current.json` for readers without symlinks; untouched when they already say so."""
    target = f"{RELEASES}/{name}"
    pointer = zone / CURRENT
    if not pointer.is_symlink() or str(pointer.readlink()) != target:
        beside = zone / NEW_POINTER
        beside.symlink_to(target)
        beside.replace(pointer)
        sync_folder(zone)
    content = json.dumps({"release": name, "map": target}, ensure_ascii=False).encode() + b"\n"
    said = zone / f"{CURRENT}.json"
    if not said.is_file() or said.read_bytes() != content:
        replace_bytes(said, content)


def _remove_leftovers(zone: Path) -> None:
    """Remove what an interrupted run left: one night at a time runs on a lake, so nobody is writing it."""
    for path in (zone / STAGING, zone / NEW_POINTER, *zone.glob(f".{CURRENT}.json.*.tmp")):
        remove(path)
