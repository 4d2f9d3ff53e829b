"""What goes out: the candidate of a release, and the release that readers see; first for `intern`, then for `openbaar` when it is due.

Put here: the order of the four, with a gate between each candidate and its release, and after them what people look at. Keep out: what is
in a release (`orchestration.publication`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs import bronnen, warehouse
from orchestration.lake import Lake
from orchestration.settings import Settings

CANDIDATE = dg.AssetKey(["jaarverslag", "kandidaat"])
RELEASE = dg.AssetKey(["jaarverslag", "release_intern"])
CANDIDATE_OPENBAAR = dg.AssetKey(["jaarverslag", "kandidaat_openbaar"])
RELEASE_OPENBAAR = dg.AssetKey(["jaarverslag", "release_openbaar"])
RENDERINGS = dg.AssetKey(["jaarverslag", "weergaven"])

# a run with this tag publishes `openbaar` whatever the calendar says
ON_REQUEST = {"leerplicht/openbaar": "op_verzoek"}


@dg.asset(
    key=CANDIDATE,
    deps=[warehouse.CURRENT],
    group_name="publicatie",
    kinds={"parquet"},
    owners=bronnen.OWNERS,
    description="De release van vannacht, gebouwd naast wat er is, nog niet gekeurd.",
)
def kandidaat(settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """Write the candidate's tables."""
    from orchestration.publication import candidate

    folder = candidate.build_candidate(Lake.of(settings), settings)
    return dg.MaterializeResult(metadata={"map": dg.MetadataValue.path(str(folder))})


@dg.asset(
    key=RELEASE,
    deps=[CANDIDATE],
    group_name="publicatie",
    kinds={"parquet"},
    owners=bronnen.OWNERS,
    description="De release `intern`: de cijfers van het jaarverslag als Parquet, met hun kwaliteit en herkomst. `current` wijst ernaar.",
)
def release_intern(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """Publish the candidate that passed its gate."""
    return _publish(context, settings, "intern")


@dg.asset(
    key=CANDIDATE_OPENBAAR,
    deps=[RELEASE],
    group_name="publicatie",
    kinds={"parquet"},
    owners=bronnen.OWNERS,
    output_required=False,
    description="De release `openbaar` zonder wat een kind zou onthullen, met het bewijs daarvan. Alleen als zij aan de beurt is.",
)
def kandidaat_openbaar(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult[None]]:
    """Withhold what must be withheld, on the nights that publish it; on others this and what follows is skipped."""
    from orchestration.publication import candidate, due, manifest, register

    lake = Lake.of(settings)
    if not (ON_REQUEST.items() <= context.run.tags.items() or due.is_due(lake, settings)):
        context.log.info("openbaar is niet aan de beurt")
        return
    from orchestration.publication.disclosure import openbaar

    if settings.known_at:  # what a look back makes must be safe beside what everybody knew then
        there = Lake(settings.lake)
        before = [name for name in register.published(there, "openbaar") if manifest.moment_of(name) <= settings.known_at]
        register.remember(there, lake, [*before, *register.elsewhere(there)])
    candidate.begin(lake, "openbaar", "openbaar")
    folder = openbaar.build_candidate(lake, settings, context.log.info)
    yield dg.MaterializeResult(metadata={"map": dg.MetadataValue.path(str(folder))})


@dg.asset(
    key=RELEASE_OPENBAAR,
    deps=[CANDIDATE_OPENBAAR],
    group_name="publicatie",
    kinds={"parquet"},
    owners=bronnen.OWNERS,
    description="De release `openbaar`: wat iedereen mag weten. Eens per maand, of op verzoek; nooit zonder bewijs.",
)
def release_openbaar(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
    """Publish the candidate that passed its gate and has its proof."""
    return _publish(context, settings, "openbaar")


@dg.asset(
    key=RENDERINGS,
    deps=[RELEASE_OPENBAAR],
    group_name="publicatie",
    kinds={"html", "pdf", "xlsx"},
    owners=bronnen.OWNERS,
    output_required=False,
    description="Wat mensen van `openbaar` bekijken: factsheets, werkboek en portaal. Een fout hierin houdt niets tegen.",
)
def weergaven(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult[None]]:
    """Make what people look at of the release that was just published.

    The release is out by now, so a night has done what it is for: what goes wrong here is told, and those of before stay in place.
    """
    from orchestration.publication.renderings import folder

    lake = Lake.of(settings)
    try:
        release, earlier = folder.read(lake, "openbaar", "current")
        place = lake.renderings_of("openbaar", release.release)
        folder.write(place, release, earlier, folder.choose(release), context.log.info)
    except Exception:
        context.log.exception("de weergaven van openbaar zijn niet gemaakt; probeer leerplicht report")
        return
    yield dg.MaterializeResult(metadata={"release": release.release, "map": dg.MetadataValue.path(str(place))})


def _publish(context: dg.AssetExecutionContext, settings: Settings, zone: str) -> dg.MaterializeResult[None]:
    from orchestration.publication import release

    published = release.publish(Lake.of(settings), settings, context.run.run_id, zone)
    return dg.MaterializeResult(metadata={"release": published.name, "map": dg.MetadataValue.path(str(published.folder))})


def build() -> list[dg.AssetsDefinition]:
    """All assets of this module."""
    return [kandidaat, release_intern, kandidaat_openbaar, release_openbaar, weergaven]
