"""The command line `leerplicht`, assembled from `orchestration.commands`.

Put here: the order of the subjects and their headings, and what holds for every command. Keep out: a command.
"""

import gc
from typing import Any

import typer
from typer.core import TyperGroup

from orchestration.commands import backup, deliveries, disclosure, night, persons, releases, report, terminal, warehouse, workshop

# a command allocates millions of objects that live until it exits; repeated garbage collection over them took a tenth of a night
gc.set_threshold(50_000, 20, 100)


class Commands(TyperGroup):
    """The group of all commands."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; Ctrl-C ends it with one sentence."""
        terminal.fit_output()
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            terminal.stop(terminal.INTERRUPTION, terminal.INTERRUPTED)


app = typer.Typer(
    cls=Commands,
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
    "Persoonsgegevens": persons.app,
    "Reservekopie": backup.app,
    "Werkplaats": workshop.app,
}
for title, commands in SUBJECTS.items():
    for command in commands.registered_commands:
        command.rich_help_panel = title
    app.add_typer(commands)
