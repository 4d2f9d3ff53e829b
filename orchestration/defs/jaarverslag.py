"""What goes out: the candidate of a release, and the release that readers see.

Put here: the order of the two, with a gate between them. Keep out: what is in a release (`orchestration.publication`).
"""

import dagster as dg

from orchestration.defs import bronnen, warehouse
from orchestration.lake import Lake
from orchestration.settings import Settings

CANDIDATE = dg.AssetKey(["jaarverslag", "kandidaat"])
RELEASE = dg.AssetKey(["jaarverslag", "release_intern"])


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
    from orchestration.publication import release

    published = release.publish(Lake.of(settings), settings, context.run.run_id)
    return dg.MaterializeResult(metadata={"release": published.name, "map": dg.MetadataValue.path(str(published.folder))})
