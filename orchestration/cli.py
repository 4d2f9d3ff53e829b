"""The command line `leerplicht`, assembled from `orchestration.commands`.

Put here: the order of the subjects and their headings, and what holds for every command. Keep out: a command.
"""

import gc
import logging
import os
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, Exit, TyperException

from orchestration.access import create_privately
from orchestration.commands import (
    audit,
    backup,
    deliveries,
    disclosure,
    install,
    night,
    persons,
    releases,
    report,
    services,
    terminal,
    upgrade,
    warehouse,
    watch,
    workshop,
)
from orchestration.outcome import Afloop

# a command allocates millions of objects that live until it exits; repeated garbage collection over them took a tenth of a night
gc.set_threshold(200_000, 20, 100)

# a log of dbt or Dagster that cannot be written, on a full disk, must not print a traceback for each line; the step says what is wrong
logging.raiseExceptions = False


class Commands(TyperGroup):
    """The group of all commands: what holds for each of them, whoever wrote it."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; Ctrl-C and every error end it with one sentence, and no traceback.

        What it writes is private, unless a zone of the lake opens it.
        """
        create_privately()
        if not os.access(".", os.X_OK):  # given as another user, from a folder of root: dbt looks around in the current folder
            os.chdir("/")
        terminal.fit_output()
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            terminal.stop(terminal.INTERRUPTION, Afloop.AFGEBROKEN)
        except (TyperException, Exit, Abort, BrokenPipeError):  # how typer and a pipe end
            raise
        except Exception as problem:
            terminal.stop_unexpectedly(problem, ctx.invoked_subcommand or "leerplicht")


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
    "Bewaking": watch.app,
    "Leveringen": deliveries.app,
    "Magazijn": warehouse.app,
    "Releases": releases.app,
    "Jaarverslag": report.app,
    "Openbaarheid": disclosure.app,
    "Persoonsgegevens": persons.app,
    "Reservekopie": backup.app,
    "Onderhoud": upgrade.app,
    "Toezicht": audit.app,
    "Dienst": install.app,
    "Dagster": services.app,
    "Werkplaats": workshop.app,
}

# every command leaves a line in the audit log, but those that change nothing in a lake and show no person
UNAUDITED = {
    "alarm": "shows and tries alarms, which have nothing of a person",
    "audit": "shows the log itself",
    "check": "judges a delivery without keeping it; shows counts and reasons",
    "diff": "shows published counts",
    "docs": "shows dbt's documentation, without rows",
    "healthcheck": "shows counts and reasons, as status does; a timer gives it every hour",
    "example": "writes fictitious persons",
    "install": "writes units of systemd, outside the lake",
    "protect": "shows published counts and what bounds them",
    "reconcile": "shows counts beside printed ones",
    "report": "renders published counts",
    "status": "shows counts and reasons of deliveries",
}
for title, commands in SUBJECTS.items():
    for command in commands.registered_commands:
        command.rich_help_panel = title
        command.cls = terminal.WithExamples
        if command.callback and command.callback.__name__ not in UNAUDITED:
            command.callback = terminal.audited(command.callback)
    app.add_typer(commands)
