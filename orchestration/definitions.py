"""The single `Definitions` object: only assembles the parts."""

import dagster as dg

from orchestration.access import create_privately
from orchestration.defs import bronnen, gates, jaarverslag, lake_run, planning, warehouse
from orchestration.settings import Settings
from orchestration.warehouse import build


def assemble(settings: Settings, report: lake_run.Report = lake_run.silent, ended: lake_run.Ended = lake_run.unheard) -> dg.Definitions:
    """Assemble all assets, checks and jobs for one lake.

    Args:
        settings: Gives the lake and the gemeenten.
        report: Called at the start and the end of each step of a run.
        ended: Called with the record of a run when it has ended.
    """
    return dg.Definitions(
        assets=[*bronnen.build(settings), warehouse.warehouse(build.parse(settings)), *jaarverslag.build()],
        asset_checks=[bronnen.geen_weigering, gates.poort_bronnen, warehouse.compare_with_monitor],
        jobs=[planning.nacht, planning.publiceren],
        schedules=[planning.elke_nacht(settings)],
        sensors=[planning.leveringen_geland(settings), planning.afgebroken_runs(settings)],
        resources={"lake_run": lake_run.resource(settings, report, ended)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the graph for the lake of the environment's settings; the entry point of Dagster's own commands.

    What those write is private, unless a zone of the lake opens it.
    """
    create_privately()
    return assemble(Settings())
