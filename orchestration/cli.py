"""The command line `leerplicht`, assembled from `orchestration.commands`.

Put here: the order of the subjects and their headings. Keep out: a command.
"""

import gc

import typer

from orchestration.commands import deliveries, disclosure, night, releases, report, warehouse, workshop

# a command allocates millions of objects that live until it exits; repeated garbage collection over them took a tenth of a night
gc.set_threshold(50_000, 20, 100)

app = typer.Typer(
    help="Van ruwe extracten naar het gepubliceerde jaarverslag leerplicht.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

SUBJECTS = {
    "Nacht": night.app,
    "Leveringen": deliveries.app,
    "Magazijn": warehouse.app,
    "Releases": releases.app,
    "Jaarverslag": report.app,
    "Openbaarheid": disclosure.app,
    "Werkplaats": workshop.app,
}
for title, commands in SUBJECTS.items():
    for command in commands.registered_commands:
        command.rich_help_panel = title
    app.add_typer(commands)
