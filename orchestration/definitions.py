"""The one `Definitions` object: assembles, decides nothing."""

import dagster as dg

from orchestration.defs import bronnen, gates, jaarverslag, planning, warehouse
from orchestration.settings import Settings
from orchestration.warehouse import build


def assemble(settings: Settings) -> dg.Definitions:
    """Put all assets, checks and jobs together for one lake."""
    models = warehouse.models(build.parse(settings))
    return dg.Definitions(
        assets=[
            *bronnen.build(),
            models,
            warehouse.current(models),
            *jaarverslag.build(),
        ],
        asset_checks=[bronnen.geen_weigering, warehouse.beside_monitor, *gates.build()],
        jobs=[planning.nacht, planning.publiceren],
        schedules=[planning.elke_nacht],
        loggers={"console": dg.colored_console_logger, "logboek": planning.logboek},
        resources={"settings": dg.ResourceDefinition.hardcoded_resource(settings)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster's own commands load: the graph for the lake of the environment's settings."""
    return assemble(Settings())
