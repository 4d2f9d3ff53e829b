"""The units of systemd that run the pipeline, filled in for one installation and one lake.

Their templates are in `orchestration/systemd/`, so that a wheel holds them; `deploy/systemd/` shows them for the installation of
`docs/installatie.md`. A test compares the two; `python -m orchestration.units` writes the second.

A written unit has a seal: its own hash. So a unit that somebody changed is recognised, and one of an older version of ours is replaced.

Put here: which units there are, their texts, and writing them. Keep out: what a person reads about them (`commands/install.py`).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from orchestration.lake.files import replace_bytes
from orchestration.outcome import Afloop
from orchestration.runs import LONGEST
from orchestration.settings import PROJECT, Settings

TEMPLATES = Path(__file__).with_name("systemd")
SHOWN = PROJECT / "deploy" / "systemd"
NIGHT = ("leerplicht-nacht.service", "leerplicht-nacht.timer")
WATCH = ("leerplicht-toezicht.service", "leerplicht-toezicht.timer")
DAGSTER = ("leerplicht-code-server.service", "leerplicht-daemon.service", "leerplicht-webserver.service")
SEAL = "# leerplicht install "


@dataclass(frozen=True)
class Installation:
    """What differs between installations.

    Args:
        program: The console script `leerplicht`.
        lake: Root of the lake.
        key: The key of the pseudonyms.
        environment: The file with the settings of this lake.
        user: The user that the services run as; empty for units of a user, which run as that user.
        port: Port of Dagster's UI, on 127.0.0.1.
    """

    program: Path
    lake: Path
    key: Path
    environment: Path
    user: str = ""
    port: int = 3000

    @property
    def target(self) -> str:
        """What starts a service at boot, or at login."""
        return "multi-user.target" if self.user else "default.target"


STANDARD = Installation(
    program=Path("/opt/leerplicht/bin/leerplicht"),
    lake=Path("/srv/leerplicht"),
    key=Path("/var/lib/leerplicht/.config/leerplicht/pseudoniem.key"),
    environment=Path("/etc/leerplicht.env"),
    user="leerplicht",
)


def names(*, daemon: bool) -> tuple[str, ...]:
    """Return the units of one way: a timer that starts each night, or Dagster's code server, daemon and UI. Both have the hourly watch."""
    return (*(DAGSTER if daemon else NIGHT), *WATCH)


def starting(*, daemon: bool) -> list[str]:
    """Return the units to enable: services that stay, and timers, which start the others."""
    return [name for name in names(daemon=daemon) if name in DAGSTER or name.endswith(".timer")]


def render(name: str, installation: Installation) -> str:
    """Return the text of a unit, with its seal."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )
    longest = f"{LONGEST.total_seconds():.0f}s"
    codes = {ending.name: ending.code for ending in Afloop}
    text = templates.get_template(f"{name}.j2").render(unit=_escaped(installation), codes=codes, longest=longest).strip() + "\n"
    return f"{SEAL}{_digest(text)}\n{text}"


def _escaped(installation: Installation) -> Installation:
    """Return the same with each % doubled, which systemd would expand."""
    of = installation
    program, lake, key, environment = (Path(str(path).replace("%", "%%")) for path in (of.program, of.lake, of.key, of.environment))
    return Installation(program, lake, key, environment, of.user, of.port)


def is_changed(path: Path) -> bool:
    """Return whether somebody changed a unit after it was written, or wrote it himself."""
    first, _, text = path.read_text(encoding="utf-8").partition("\n")
    return first != f"{SEAL}{_digest(text)}"


def variables(settings: Settings, installation: Installation) -> str:
    """Return the content of the file with the settings: what this environment sets, the lake and the key; nothing that is secret."""
    given = settings.variables() | {"LEERPLICHT_LAKE": str(installation.lake), "LEERPLICHT_KEY_FILE": str(installation.key)}
    return "".join(f"{name}={_quoted(value)}\n" for name, value in given.items())


def _quoted(value: str) -> str:
    """Quote a value as systemd and a shell read it, if it needs that."""
    plain = value and all(sign.isalnum() or sign in "/._-,:+@=" for sign in value)
    return value if plain else "'" + value.replace("'", "'\\''") + "'"


def write(folder: Path, texts: dict[str, str]) -> list[Path]:
    """Write units into a folder; return those that are new or have another text now."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            replace_bytes(path, text.encode())
            path.chmod(0o644)
            written.append(path)
    return written


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    write(SHOWN, {name: render(name, STANDARD) for name in (*NIGHT, *WATCH, *DAGSTER)})
