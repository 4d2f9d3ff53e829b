"""The one `Definitions` object: assembles, decides nothing."""

import dagster as dg

from orchestration.defs import bronnen, gates, jaarverslag, lake_run, planning, warehouse
from orchestration.settings import Settings
from orchestration.warehouse import build


def assemble(settings: Settings, report: lake_run.Report = lake_run.silent) -> dg.Definitions:
    """Put all assets, checks and jobs together for one lake.

    Args:
        settings: Which lake, which gemeenten.
        report: Called at the start and the end of each step of a run.
    """
    return dg.Definitions(
        assets=[*bronnen.build(), warehouse.warehouse(build.parse(settings)), *jaarverslag.build()],
        asset_checks=[bronnen.geen_weigering, gates.poort_bronnen, warehouse.beside_monitor],
        jobs=[planning.nacht, planning.publiceren],
        schedules=[planning.elke_nacht],
        resources={"lake_run": lake_run.resource(settings, report)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster's own commands load: the graph for the lake of the environment's settings."""
    return assemble(Settings())
