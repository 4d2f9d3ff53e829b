"""What goes out: the release `intern`, the release `openbaar` when it is due, and what people look at.

Each release is one step: prepare a candidate in files of this run, let its gate judge those files, and put them before readers only with a
green verdict about the same bytes.

Put here: the order of the three. Keep out: what is in a release (`orchestration.publication`).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from expectations import gate
from orchestration.defs import bronnen, gates, warehouse
from orchestration.defs.lake_run import LakeRun
from orchestration.lake import Lake

RELEASE = dg.AssetKey(["jaarverslag", "release_intern"])
RELEASE_OPENBAAR = dg.AssetKey(["jaarverslag", "release_openbaar"])
RENDERINGS = dg.AssetKey(["jaarverslag", "weergaven"])


class Openbaar(dg.Config):
    """When `openbaar` is made.

    Args:
        op_verzoek: Whatever the calendar says. The nightly job leaves it to the calendar.
    """

    op_verzoek: bool = True


def config(*, on_request: bool) -> dict[str, Any]:
    """The run config of a job that holds the step of `openbaar`."""
    return {"ops": {"openbaar": {"config": {"op_verzoek": on_request}}}}


@dg.multi_asset(
    name="intern",
    specs=[
        dg.AssetSpec(
            RELEASE,
            deps=[warehouse.CURRENT],
            group_name="publicatie",
            kinds={"parquet"},
            owners=bronnen.OWNERS,
            description="De release `intern`: de cijfers van het jaarverslag als Parquet, met hun herkomst. `current` wijst ernaar.",
        )
    ],
    check_specs=gates.specs("publicatie", [RELEASE]),
    can_subset=True,
)
def intern(context: dg.AssetExecutionContext, lake_run: dg.ResourceParam[LakeRun]) -> Iterator[Any]:
    """Prepare, judge and publish the release of this warehouse."""
    from expectations.suites import publicatie as suite
    from orchestration.publication import candidate, release

    with lake_run.step("release voorbereiden") as lake:
        release.judged(lake)
        folder = candidate.build_candidate(lake, lake_run.settings)
    with lake_run.step("poort: publicatie") as lake:
        tables = suite.tables(folder, lake.warehouse_current, lake_run.settings.gemeenten)
        verdict = gate.run("publicatie", tables, lake, folder)
    yield from _published(context, lake_run, lake, verdict, RELEASE, "intern")


@dg.multi_asset(
    name="openbaar",
    specs=[
        dg.AssetSpec(
            RELEASE_OPENBAAR,
            deps=[RELEASE],
            group_name="publicatie",
            kinds={"parquet"},
            owners=bronnen.OWNERS,
            skippable=True,
            description="De release `openbaar`: wat iedereen mag weten. Eens per maand, of op verzoek; nooit zonder bewijs.",
        )
    ],
    check_specs=gates.specs(gate.OPENBAAR, [RELEASE_OPENBAAR]),
    can_subset=True,
)
def openbaar(context: dg.AssetExecutionContext, config: Openbaar, lake_run: dg.ResourceParam[LakeRun]) -> Iterator[Any]:
    """Prepare, judge and publish what everybody may know; on other nights this and what follows is skipped."""
    from expectations.suites import openbaar as suite
    from orchestration.publication import candidate, due, release
    from orchestration.publication.disclosure import openbaar as disclosure

    settings = lake_run.settings
    with lake_run.step("openbaar voorbereiden") as lake:
        if not (config.op_verzoek or due.is_due(lake, settings)):
            context.log.info("openbaar is niet aan de beurt")
            return
        release.judged(lake)
        _remember_what_was_known(lake)
        candidate.begin(lake, "openbaar")
        folder = disclosure.build_candidate(lake, settings, context.log.info)
    with lake_run.step("poort: openbaar") as lake:
        tables = suite.tables(folder, lake.warehouse_current, settings.gemeenten, settings.suppression_threshold)
        verdict = gate.run(gate.OPENBAAR, tables, lake, folder)
    yield from _published(context, lake_run, lake, verdict, RELEASE_OPENBAAR, "openbaar")


def _remember_what_was_known(lake: Lake) -> None:
    """What a look back makes must be safe next to what everybody knew then."""
    if lake.moment is None:
        return
    from orchestration.publication import manifest, register

    now = Lake(lake.root)
    before = [name for name in register.published(now, "openbaar") if manifest.moment_of(name) <= lake.moment]
    register.remember(now, lake, [*before, *register.elsewhere(now)])


@dg.asset(
    key=RENDERINGS,
    deps=[RELEASE_OPENBAAR],
    group_name="publicatie",
    kinds={"html", "pdf", "xlsx"},
    owners=bronnen.OWNERS,
    output_required=False,
    description="Wat mensen van `openbaar` bekijken: factsheets, werkboek en portaal. Een fout hierin houdt niets tegen.",
)
def weergaven(context: dg.AssetExecutionContext, lake_run: dg.ResourceParam[LakeRun]) -> Iterator[dg.MaterializeResult[None]]:
    """Make what people look at of the release that was just published.

    The release is out by now, so the night has done its work: an error here is logged, and the renderings of before stay in place.
    """
    from orchestration.publication.renderings import folder

    with lake_run.step("weergaven maken") as lake:
        try:
            release, earlier = folder.read(lake, "openbaar", "current")
            place = lake.renderings_of("openbaar", release.release)
            folder.write(place, release, earlier, folder.choose(release), context.log.info)
        except Exception:
            context.log.exception("de weergaven van openbaar zijn niet gemaakt; probeer leerplicht report")
            return
    yield dg.MaterializeResult(metadata={"release": release.release, "map": dg.MetadataValue.path(str(place))})


def _published(
    context: dg.AssetExecutionContext, lake_run: LakeRun, lake: Lake, verdict: gate.Verdict, key: dg.AssetKey, zone: str
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Report the verdict, and publish what it is about unless only the check was asked for."""
    from orchestration.publication import release

    yield from gates.results(verdict, [key], context.selected_asset_check_keys, lake.quality_page)
    if not verdict.passed:
        lake_run.refuse(verdict.sentence)
    if key in context.selected_asset_keys:
        with lake_run.step(f"{zone} publiceren") as lake:
            published = release.publish(lake, lake_run.settings, zone, verdict)
        place = dg.MetadataValue.path(str(published.folder))
        yield dg.MaterializeResult(asset_key=key, metadata={"release": published.name, "map": place})


def build() -> list[dg.AssetsDefinition]:
    """All assets of this module."""
    return [intern, openbaar, weergaven]
