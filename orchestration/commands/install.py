"""The command that prints or writes the units of systemd for this installation and this lake.

Put here: what a person reads about them. Keep out: their texts (`orchestration.units`).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import terminal

if TYPE_CHECKING:
    from orchestration.settings import Settings
    from orchestration.units import Installation

app = typer.Typer()

SYSTEM_FOLDER, SYSTEM_SETTINGS = Path("/etc/systemd/system"), Path("/etc/leerplicht.env")
USER_FOLDER, USER_SETTINGS = Path("~/.config/systemd/user"), Path("~/.config/leerplicht/leerplicht.env")


@app.command(epilog=terminal.examples("leerplicht install --system", "leerplicht install --user --daemon --write"))
def install(
    system: Annotated[
        bool,
        typer.Option("--system/--user", help="Voor de machine (als root, de diensten draaien als de eigenaar van het meer), of voor u."),
    ],
    daemon: Annotated[
        bool, typer.Option("--daemon", help="Dagsters daemon en UI, in plaats van een timer die elke nacht leerplicht run geeft.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Schrijf de bestanden; anders worden zij alleen getoond.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Vervang ook een unit die iemand veranderd heeft.")] = False,
    account: Annotated[
        str | None, typer.Option("--as", metavar="GEBRUIKER", help="Bij --system: wie de nacht draait; anders de eigenaar van het meer.")
    ] = None,
    port: Annotated[int, typer.Option(help="Poort van Dagsters UI op 127.0.0.1.")] = 3000,
    folder: Annotated[Path | None, typer.Option("--to", help="Map voor de units; anders die van systemd.")] = None,
    settings_file: Annotated[Path | None, typer.Option("--settings", help="Bestand met de instellingen; anders het gebruikelijke.")] = None,
) -> None:
    """Toon of schrijf de units van systemd voor deze installatie en dit meer, en de opdrachten die ze aanzetten."""
    from orchestration import units

    settings = terminal.settings(new_lake=True)
    folder = (folder or (SYSTEM_FOLDER if system else USER_FOLDER)).expanduser()
    place = (settings_file or (SYSTEM_SETTINGS if system else USER_SETTINGS)).expanduser().absolute()
    found = _installation(settings, place, (account or _owner(settings.lake)) if system else "", port)
    with terminal.exit_on_error():
        texts = {name: units.render(name, found) for name in units.names(daemon=daemon)}
        _require_same_lake(settings, found)
        if write:
            _write(settings, found, folder, texts, replace=replace)
        else:
            missing = {} if place.exists() else {place: units.variables(settings, found)}
            for path, text in {**missing, **{folder / name: text for name, text in texts.items()}}.items():
                typer.echo(f"# === {path}\n{text}")
    _say_the_rest(found, units.starting(daemon=daemon))


def _installation(settings: "Settings", place: Path, account: str, port: int) -> "Installation":
    """Return what is filled in. The default key is in the home of who runs the services, who need not be who gives this command."""
    import pwd
    import sys

    from orchestration.settings import Settings
    from orchestration.units import Installation

    key = settings.key_file
    if account:
        try:
            home = pwd.getpwnam(account).pw_dir
        except KeyError:
            terminal.stop(f"gebruiker {account} is er niet op deze machine; maak hem, of kies een ander met --as")
        if "key_file" not in settings.model_fields_set:
            key = Path(str(Settings.model_fields["key_file"].default).replace("~", home, 1))
    return Installation(Path(sys.executable).with_name("leerplicht"), settings.lake, key, place, account, port)


def _owner(lake: Path) -> str:
    if not lake.is_dir():
        terminal.stop(f"er is geen map {lake}; maak haar voor de gebruiker die de nacht draait, of noem hem met --as")
    return lake.owner()


def _require_same_lake(settings: "Settings", found: "Installation") -> None:
    """Exit if the file with the settings that is there names another lake: the units would run the night on that one."""
    if found.environment.exists():
        lines = found.environment.read_text(encoding="utf-8").splitlines()
        named = [line.partition("=")[2].strip("'\"") for line in lines if line.startswith("LEERPLICHT_LAKE=")]
        if named[-1:] != [str(settings.lake)]:
            other = f"wijst het meer {named[-1]} aan" if named else "noemt geen LEERPLICHT_LAKE"
            terminal.stop(f"{found.environment} {other}, en dit is {settings.lake}; maak die gelijk")


def _write(settings: "Settings", found: "Installation", folder: Path, texts: dict[str, str], *, replace: bool) -> None:
    from orchestration import units
    from orchestration.lake.files import replace_bytes

    changed = [path for name in texts if (path := folder / name).exists() and units.is_changed(path)]
    if changed and not replace:
        names = ", ".join(str(path) for path in changed)
        terminal.stop(
            f"{names}: iemand heeft dit veranderd, dus er is niets geschreven;"
            " zet eigen regels in een drop-in (systemctl edit), of vervang het met --replace"
        )
    if not found.environment.exists():
        found.environment.parent.mkdir(parents=True, exist_ok=True)
        replace_bytes(found.environment, units.variables(settings, found).encode())  # mode 0600: systemd reads it as root
        terminal.say(f"geschreven: {found.environment}")
    for path in units.write(folder, texts):
        terminal.say(f"{'vervangen' if path in changed else 'geschreven'}: {path}")


def _say_the_rest(found: "Installation", starting: list[str]) -> None:
    """Print the commands that switch the units on, and what they need that is not there."""
    whose = "" if found.user else " --user"
    terminal.say(f"Zet ze aan met:\n  systemctl{whose} daemon-reload\n  systemctl{whose} enable --now {' '.join(starting)}")
    if not found.user:
        terminal.say("Zonder dat u bent ingelogd draaien zij alleen na:\n  loginctl enable-linger")
    for place in (found.lake, found.key.parent):
        if not place.is_dir():
            terminal.say(f"let op: {place} is er niet; maak die map voor wie de nacht draait, met mode 0700")
