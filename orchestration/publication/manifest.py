"""Writes the provenance of a release: `manifest.json` and `SHA256SUMS`.

Put here: hashes, and everything that may differ between two runs on the same input: clock, run, versions. Keep out: moving files.
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from expectations import contract, published
from orchestration import audit, clock, own_reference, parquet_file
from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.publication.extract import Row
from orchestration.settings import PROJECT, Settings

MANIFEST = "manifest.json"
TIMEZONE = ZoneInfo("Europe/Amsterdam")  # in which people read moments
SUMS = "SHA256SUMS"
AUDITLOG = "auditlog"  # the field with the head of the audit log: what came before it can no longer be cut or altered unnoticed
MOMENT = "%Y%m%dT%H%M%SZ"  # prefix of a release's name: its latest kennisdatum, UTC

FOLDERS = ("orchestration", "expectations", "dbt_project")
CODE = ("py", "sql", "csv", "yml", "yaml")
DBT_OUTPUT = {"target", "logs"}  # written by dbt in its project when it is run there manually

DELIVERIES = "leveringen.parquet"  # what was delivered, by which a release is made again; only `intern` has it
DELIVERY = ("bron", "levering", "sha256", "oordeel")

# An explicit list: a setting that is added later may be a path or a secret.
SETTINGS = (
    "gemeenten",
    "eerste_schooljaar",
    "laatste_schooljaar",
    "max_rejected_share",
    "max_rejected_rows",
    "min_volume_share",
    "suppression_threshold",
    "openbaar",
    "publisher",
    "contact",
    "licence",
    "strict",
    "known_at",
)


def now() -> str:
    """Return the current time in the format of the manifest and the register."""
    return clock.now().isoformat(timespec="seconds")


def latest_kennisdatum(bronnen: Sequence[Row]) -> datetime:
    """Return the latest kennisdatum of the accepted deliveries, in UTC.

    Args:
        bronnen: The rows of the published table; the gate requires that there are any.
    """
    return max(datetime.fromisoformat(row["kennisdatum"]).astimezone(UTC) for row in bronnen)


def sums(hashes: Mapping[str, str]) -> str:
    """Format hashes for `sha256sum --check`, sorted by file name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))


def parse_sums(text: str) -> dict[str, str]:
    """Parse the output of `sums`; return the hash of each file."""
    return {name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines())}


def release_name(kennisdatum: datetime, hashes: Mapping[str, str]) -> str:
    """Return a content-based name: the latest kennisdatum in UTC, and 12 digits of the hash over the hashes of the data files."""
    digest = hashlib.sha256(sums(hashes).encode()).hexdigest()
    return f"{kennisdatum.strftime(MOMENT)}-{digest[:12]}"


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a release."""
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return content


def moment_of(release: str) -> datetime:
    """Parse the latest kennisdatum from the name of a release."""
    return datetime.strptime(release.partition("-")[0], MOMENT).replace(tzinfo=UTC)


@cache
def code() -> dict[str, str]:
    """Return the identity of the code: its version, and, as that covers many commits, a hash over its files and its pinned dependencies.

    The same for a checkout and for the wheel built from it.
    """
    pins = "\n".join(importlib.metadata.requires("leerplicht") or ())
    files = (path.relative_to(PROJECT) for folder in FOLDERS for kind in CODE for path in (PROJECT / folder).rglob(f"*.{kind}"))
    hashes = {path.as_posix(): digest(PROJECT / path) for path in files if DBT_OUTPUT.isdisjoint(path.parts)}
    hashes["requirements.lock"] = hashlib.sha256(pins.encode()).hexdigest()
    return {
        "naam": "leerplicht",
        "versie": importlib.metadata.version("leerplicht"),
        "sha256": hashlib.sha256(sums(hashes).encode()).hexdigest(),
    }


def own_lists(settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of each reference table that the gemeente gives itself, by its setting: figures depend on them."""
    return {name: digest(path) for name in own_reference.COLUMNS if (path := getattr(settings, name))}


def describe(folder: Path, name: str, zone: str, settings: Settings, lake: Lake, kennisdatum: datetime, hashes: Mapping[str, str]) -> bytes:
    """Return the manifest of a release.

    Args:
        folder: Folder of its data files.
        name: Its name.
        zone: `intern` or `openbaar`.
        settings: The settings it was made with; paths and the key are left out.
        lake: The lake of the run that made it.
        kennisdatum: The latest kennisdatum of its deliveries.
        hashes: The SHA-256 of each data file.
    """
    content = {
        "release": name,
        "zone": zone,
        "status": "voorlopig",
        "kennisdatum": kennisdatum.isoformat(),
        "gemaakt": now(),
        "run": lake.run,
        AUDITLOG: audit.head(lake),
        "code": code(),
        "contracten": {"publicatie": published.load().version} | {bron: contract.load(bron).version for bron in contract.BRONNEN},
        "instellingen": settings.model_dump(mode="json", include=set(SETTINGS)),
        "eigen_lijsten": own_lists(settings),
        "bestanden": [_file(folder / file, digest) for file, digest in sorted(hashes.items())],
    }
    if (folder / DELIVERIES).is_file():
        content["leveringen"] = parquet_file.read(folder / DELIVERIES, columns=list(DELIVERY)).to_pylist()
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def _file(path: Path, digest: str) -> dict[str, Any]:
    """Return the entry of a file, with the row count and schema of the Parquet that it is or was derived from."""
    found = {"naam": path.name, "sha256": digest, "bytes": path.stat().st_size}
    table = path.with_suffix(".parquet")
    if not table.exists():
        return found
    return found | {"rijen": pq.read_metadata(table).num_rows, "schema_sha256": published.fingerprint(pq.read_schema(table))}
