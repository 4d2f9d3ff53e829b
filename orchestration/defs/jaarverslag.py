"""The published assets: the release `intern`, the release `openbaar` when it is due, and the renderings.

Each release is one step: build a candidate in files of this run, validate those files with its gate, and publish them only with a green
verdict on the same bytes.

Put here: the order of these actions. Keep out: the contents of a release (`orchestration.publication`).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from expectations import gate
from orchestration.defs import bronnen, gates, warehouse
from orchestration.defs.lake_run import LakeRun
from orchestration.errors import unexpected
from orchestration.lake import Lake

RELEASE = dg.AssetKey(["jaarverslag", "release_intern"])
RELEASE_OPENBAAR = dg.AssetKey(["jaarverslag", "release_openbaar"])
RENDERINGS = dg.AssetKey(["jaarverslag", "weergaven"])


class Openbaar(dg.Config):
    """Run config of `openbaar`.

    Args:
        op_verzoek: Publish even if it is not due. False in the nightly job.
    """

    op_verzoek: bool = True


def config(*, on_request: bool) -> dict[str, Any]:
    """Return the run config of a job with the step `openbaar`."""
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
    """Build, validate and publish the release of this warehouse."""
    from expectations.suites import publicatie as suite
    from orchestration.publication import candidate, release

    with lake_run.step("release voorbereiden") as lake:
        release.judged(lake)
        folder = candidate.build_candidate(lake, lake_run.settings)
    with lake_run.step("poort: publicatie") as lake:
        tables = suite.tables(folder, lake.warehouse_current, lake_run.settings.gemeenten, lake_run.memory)
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
            description="De release `openbaar`: wat iedereen mag weten. Eens per jaar, of op verzoek; nooit zonder bewijs.",
        )
    ],
    check_specs=gates.specs(gate.OPENBAAR, [RELEASE_OPENBAAR]),
    can_subset=True,
)
def openbaar(context: dg.AssetExecutionContext, config: Openbaar, lake_run: dg.ResourceParam[LakeRun]) -> Iterator[Any]:
    """Build, validate and publish the public release; skip this and all downstream steps if it is not due."""
    from expectations.suites import openbaar as suite
    from orchestration.deliveries.pseudonym import lasting, load_key
    from orchestration.publication import candidate, due, release
    from orchestration.publication.disclosure import openbaar as disclosure

    settings = lake_run.settings
    with lake_run.step("openbaar voorbereiden") as lake:
        if not (config.op_verzoek or due.is_due(lake, settings)):
            context.log.info("openbaar is niet aan de beurt")
            if sentence := disclosure.undeclared(lake):
                lake_run.warn("openbaar voorbereiden", f"nog niet aan de beurt, maar {sentence}")
            return
        release.judged(lake)
        _link_earlier_releases(lake)
        candidate.begin(lake, "openbaar")
        folder = disclosure.build_candidate(lake, settings, lasting(load_key(settings.key_file, lake)), context.log.info)
    with lake_run.step("poort: openbaar") as lake:
        tables = suite.tables(folder, lake.warehouse_current, settings.gemeenten, settings.suppression_threshold, lake_run.memory)
        verdict = gate.run(gate.OPENBAAR, tables, lake, folder)
    yield from _published(context, lake_run, lake, verdict, RELEASE_OPENBAAR, "openbaar")


def _link_earlier_releases(lake: Lake) -> None:
    """Link the releases published before the instant of a look back, as its own release must be safe in combination with them."""
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
    """Render the release of `openbaar` that was just published.

    The release is published by now, so an error here is only logged, and the previous renderings stay in place.
    """
    from orchestration.publication.renderings import folder
    from orchestration.publication.renderings.sender import Sender

    with lake_run.step("weergaven maken") as lake:
        try:
            release, earlier = folder.read(lake, "openbaar", "current")
            place = lake.renderings_of("openbaar", release.release)
            folder.write(lake, place, release, earlier, folder.choose(release), Sender.of(lake_run.settings), context.log.info)
        except Exception as problem:
            context.log.error(f"de weergaven van openbaar zijn niet gemaakt ({unexpected(problem)}); probeer leerplicht report")
            return
    yield dg.MaterializeResult(metadata={"release": release.release, "map": dg.MetadataValue.path(str(place))})


def _published(
    context: dg.AssetExecutionContext, lake_run: LakeRun, lake: Lake, verdict: gate.Verdict, key: dg.AssetKey, zone: str
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Report the verdict, and publish the candidate unless only the check is selected."""
    from orchestration.publication import release

    yield from gates.results(verdict, [key], context.selected_asset_check_keys, lake.quality_page)
    if not verdict.passed:
        lake_run.refuse(verdict.sentence)
    if key in context.selected_asset_keys:
        with lake_run.step(f"{zone} publiceren") as lake:
            published = release.publish(lake, lake_run.settings, zone, verdict)
            lake_run.published(zone, published.name, is_new=published.is_new)
        place = dg.MetadataValue.path(str(published.folder))
        yield dg.MaterializeResult(asset_key=key, metadata={"release": published.name, "map": place})


def build() -> list[dg.AssetsDefinition]:
    """Return all assets of this module."""
    return [intern, openbaar, weergaven]
