"""Puts releases aside that are no longer what was published, and shows readers the last whole one.

Every run does this first, and so do `status` and `verify`: it costs the hashing of all releases. The night after it makes a release again
if that has the figures of today; an older one can be replaced from a backup.

Put here: finding such releases, and what becomes of them and of `current`. Keep out: comparing hashes (`integrity.py`), and publishing.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove, replace_link, sync_folder
from orchestration.publication import integrity, manifest, register
from orchestration.publication.register import CURRENT, RELEASES, Line

MOMENT = "%Y%m%dT%H%M%S.%fZ"


def put_aside(lake: Lake) -> list[str]:
    """Put aside every altered release of both zones. The caller holds the lock of the lake.

    Returns:
        A Dutch sentence for each.

    Raises:
        DamageError: The register is damaged, so it cannot be said what was published.
    """
    return [sentence for zone in register.ZONES for sentence in _in_zone(lake, zone)]


def _in_zone(lake: Lake, zone: str) -> list[str]:
    lines = register.lines(lake, zone)
    sums = {line.release: line.sha256 for line in lines if line.wat == "gepubliceerd"}
    folders = [path for path in sorted((lake.published(zone) / RELEASES).glob("[!.]*")) if path.is_dir()]
    altered = {path: wrong for path in folders if (wrong := integrity.altered(path, sums.get(path.name)))}
    whole = [name for name in sums if (path := lake.published(zone) / RELEASES / name) in folders and path not in altered]
    pointer = lake.published(zone) / CURRENT
    if altered and pointer.resolve().name not in whole:
        _show(lake, zone, whole)
    definitive = {line.release for line in lines if line.wat == "definitief" and line.sha256 == sums.get(line.release)}
    sentences = [_put_aside(lake, zone, path, wrong, path.name in definitive, sums) for path, wrong in altered.items()]
    if altered or pointer.is_symlink():
        register.write_status(lake, zone)  # also if that file itself was altered
    return sentences


def _show(lake: Lake, zone: str, whole: Sequence[str]) -> None:
    """Point readers at the last whole release, or at nothing: rather no figures than altered ones."""
    pointer = lake.published(zone) / CURRENT
    if whole:
        replace_link(pointer, lake.published(zone) / RELEASES / whole[-1])
    else:
        remove(pointer)


def _put_aside(lake: Lake, zone: str, path: Path, wrong: Sequence[str], is_definitive: bool, sums: Mapping[str, str]) -> str:
    place = make_private(make_private(lake.set_aside) / zone) / f"{path.name}@{datetime.now(UTC).strftime(MOMENT)}"
    files = ", ".join(wrong)
    path.rename(place)
    sync_folder(path.parent)
    register.add(lake, Line(manifest.now(), zone, path.name, sums.get(path.name, ""), "opzijgezet", omdat=files))
    pointer = lake.published(zone) / CURRENT
    shown = pointer.readlink().name if pointer.is_symlink() else "geen release"
    loud = "LET OP, DEFINITIEF: " if is_definitive else ""
    again = "; is zij opnieuw gemaakt, stel haar dan opnieuw vast met leerplicht approve" if is_definitive else ""
    return f"{loud}release {path.name} in {zone} is niet meer wat zij was ({files}) en staat nu in {place}; lezers zien {shown}{again}"


def renew_renderings(lake: Lake) -> list[str]:
    """Make altered renderings of releases of `openbaar` again; remove those of a release that is gone.

    Returns:
        A Dutch sentence for each.
    """
    places = sorted(lake.renderings_of("openbaar", "").glob("[!.]*/"))
    if not places:
        return []
    from orchestration.publication.renderings import folder as renderings  # 0.3 s, on most lakes for nothing

    sentences = []
    for place in places:
        if renderings.is_whole(place):
            continue
        remove(place)
        try:
            release, earlier = renderings.read(lake, "openbaar", place.name)
        except integrity.ReleaseError:
            sentences.append(f"de weergaven van {place.name} waren veranderd en zijn weggehaald: die release is er niet meer")
            continue
        renderings.write(lake, place, release, earlier, renderings.choose(release))
        sentences.append(f"de weergaven van {place.name} waren veranderd en zijn opnieuw gemaakt")
    return sentences
