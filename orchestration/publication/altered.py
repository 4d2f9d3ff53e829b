"""Puts releases aside that are no longer what was published, and shows readers the last whole one.

Every run does this first, and so do `status` and `verify`: it costs the hashing of all releases. The night after it makes a release again
if that has the figures of today; an older one can be replaced from a backup.

Put here: finding such releases, and what becomes of them and of `current`. Keep out: comparing hashes (`integrity.py`), and publishing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration import clock
from orchestration.errors import unexpected
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove, replace_link, sync_folder
from orchestration.publication import integrity, manifest, register
from orchestration.publication.register import CURRENT, RELEASES, Line
from orchestration.settings import Settings

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
    place = make_private(make_private(lake.set_aside) / zone) / f"{path.name}@{clock.now().strftime(MOMENT)}"
    files = ", ".join(wrong)
    path.rename(place)
    sync_folder(path.parent)
    register.add(lake, Line(manifest.now(), zone, path.name, sums.get(path.name, ""), "opzijgezet", omdat=files))
    pointer = lake.published(zone) / CURRENT
    shown = pointer.readlink().name if pointer.is_symlink() else "geen release"
    loud = "LET OP, DEFINITIEF: " if is_definitive else ""
    again = "; is zij opnieuw gemaakt, stel haar dan opnieuw vast met leerplicht approve" if is_definitive else ""
    return f"{loud}release {path.name} in {zone} is niet meer wat zij was ({files}) en staat nu in {place}; lezers zien {shown}{again}"


def renew_renderings(lake: Lake, settings: Settings) -> list[str]:
    """Make renderings of releases of `openbaar` again that were altered, tell another status, or are of another sender.

    Those of a release that is gone are removed.

    Args:
        lake: The lake, held by the caller.
        settings: Give the sender.

    Returns:
        A Dutch sentence for each.
    """
    places = sorted(lake.renderings_of("openbaar", "").glob("[!.]*/"))
    if not places:
        return []
    from orchestration.publication.renderings import folder as renderings  # 0.3 s, on most lakes for nothing
    from orchestration.publication.renderings.sender import Sender

    sentences, sender = [], Sender.of(settings)
    statuses = _statuses(lake)
    for place in places:
        is_whole = renderings.is_whole(place)
        tells_status = is_whole and renderings.tells(place, statuses.get(place.name, {}))
        if tells_status and renderings.is_by(place, sender):
            continue
        if not is_whole or place.name not in statuses:
            remove(place)
        try:
            release, earlier = renderings.read(lake, "openbaar", place.name)
        except integrity.ReleaseError:
            sentences.append(f"de weergaven van {place.name} waren veranderd en zijn weggehaald: die release is er niet meer")
            continue
        try:
            renderings.write(lake, place, release, earlier, renderings.choose(release), sender)
        except Exception as problem:  # figures must not wait for a chart
            sentences.append(f"de weergaven van {place.name} zijn niet opnieuw gemaakt ({unexpected(problem)}); probeer leerplicht report")
            continue
        why = "waren van een andere afzender" if tells_status else "noemden een andere status" if is_whole else "waren veranderd"
        sentences.append(f"de weergaven van {place.name} {why} en zijn opnieuw gemaakt")
    return sentences


def behind(lake: Lake) -> str:
    """Return the releases of `openbaar` whose renderings tell another status than the register, because they could not be made again."""
    from orchestration.publication.renderings import folder as renderings

    places = ((lake.renderings_of("openbaar", name), told) for name, told in _statuses(lake).items())
    return ", ".join(place.name for place, told in places if place.is_dir() and not renderings.tells(place, told))


def _statuses(lake: Lake) -> dict[str, dict[str, str]]:
    """Return of each release of `openbaar` the status of it and of those before it, which its list of releases shows."""
    there = {one.name: one.status for one in register.releases(lake, "openbaar")}
    return {name: dict(list(there.items())[:place]) for place, name in enumerate(there, start=1)}
