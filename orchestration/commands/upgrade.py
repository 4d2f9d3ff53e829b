"""The command that brings a lake of an earlier version up to this one.

Put here: that command. Keep out: what changes (`orchestration.upgrade`).
"""

import typer

from orchestration.commands import terminal

app = typer.Typer()


@app.command(epilog="leerplicht upgrade")
def upgrade() -> None:
    """Breng een meer van een oudere leerplicht over naar deze. Leveringen, besluiten, releases en bewijzen blijven."""
    settings = terminal.settings(older=True)
    with terminal.exit_on_error():
        from orchestration import upgrade as upgrading

        for sentence in upgrading.upgrade(settings, terminal.progress):
            terminal.say(sentence)
