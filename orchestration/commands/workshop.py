"""Commands for developers of the pipeline: the example, the documentation.

Put here: commands that the nightly run does not need. Keep out: generating the example and the pages.
"""

from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import terminal

app = typer.Typer()


class Size(StrEnum):
    """The size of the example."""

    KLEIN = "klein"
    ZES_JAAR = "zes_jaar"
    REGION = "region"
    TIEN_JAAR = "tien_jaar"
    VIER_REGIO = "vier_regio"
    ACHT_REGIO = "acht_regio"
    NATION = "nation"


@app.command(epilog=terminal.examples("leerplicht example --out proefmeer", "leerplicht example --size zes_jaar --out proefmeer-zes-jaar"))
def example(
    out: Annotated[Path | None, typer.Option(help="Het meer waarin de voorbeeldleveringen komen; anders het ingestelde.")] = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Doe niets als er al iets in landing ligt.")] = False,
    size: Annotated[
        Size,
        typer.Option(
            help="klein: Hengelo en Borne, zoals het jaarverslag. zes_jaar: dezelfde twee, zes schooljaren. "
            "region: heel Twente, 14 gemeenten en vier schooljaren. tien_jaar: heel Twente, tien schooljaren. "
            "vier_regio, acht_regio: zo vaak Twente in personen en gemeenten. nation: Nederland, 342 gemeenten en drie schooljaren."
        ),
    ] = Size.KLEIN,
) -> None:
    """Schrijf de voorbeeldleveringen: verzonnen personen, elke keer dezelfde bytes."""
    from orchestration import example as generator
    from orchestration.example import region
    from orchestration.lake import Lake

    lake = Lake(out.resolve() if out else terminal.settings(new_lake=True).lake)
    if if_empty and lake.landing.is_dir() and any(lake.landing.iterdir()):
        return
    extents = {
        Size.ZES_JAAR: region.SIX_YEARS,
        Size.REGION: region.TWENTE,
        Size.TIEN_JAAR: region.TEN_YEARS,
        Size.VIER_REGIO: region.times(4),
        Size.ACHT_REGIO: region.times(8),
        Size.NATION: region.nation(),
    }
    folders = region.write(lake, extents[size]) if size in extents else generator.write(lake)
    terminal.console.print(f"{len(folders)} voorbeeldleveringen in {lake.landing}")
    if size in extents:
        terminal.console.print(f"Om ze te publiceren: export LEERPLICHT_GEMEENTEN={','.join(sorted(extents[size].gemeenten))}")


@app.command(epilog=terminal.examples("leerplicht docs", "leerplicht docs --port 8081", "leerplicht docs --write"))
def docs(
    write: Annotated[
        bool, typer.Option("--write", help="Schrijf de diagrammen en de antwoorden in docs/analisten.md; op een eigen voorbeeldmeer.")
    ] = False,
    port: Annotated[int, typer.Option(help="Poort op 127.0.0.1.")] = 8080,
) -> None:
    """Toon de documentatie van dbt op 127.0.0.1: elke tabel, haar SQL, haar toetsen en waar zij vandaan komt."""
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    from orchestration import unfinished
    from orchestration.warehouse import build

    if write:
        _write_pages()
        return
    settings = terminal.settings(new_lake=True)
    with unfinished.outside() as site:  # not in the lake, where an analyst writes nothing
        with terminal.exit_on_error():
            build.document(settings, site)
            server = ThreadingHTTPServer(("127.0.0.1", port), partial(SimpleHTTPRequestHandler, directory=site))
        terminal.console.print(f"http://127.0.0.1:{server.server_port}  (stop met Ctrl-C)")
        with server, suppress(KeyboardInterrupt):
            server.serve_forever()


@terminal.ending_at_once()
def _write_pages() -> None:
    """Regenerate docs/analisten.md from a new example lake, as answers from a real lake must not enter the repository."""
    from orchestration import example as generator
    from orchestration import night, unfinished
    from orchestration.lake import Lake
    from orchestration.settings import Settings
    from orchestration.warehouse import build, manual, questions, read

    if not manual.PAGE.is_file():
        terminal.stop("docs --write schrijft in docs/analisten.md van een checkout, en deze leerplicht is zonder checkout geïnstalleerd")
    moment = datetime.fromisoformat(manual.LOOK_BACK)
    with unfinished.outside() as folder:
        default = {name: field.default for name, field in Settings.model_fields.items()}
        settings = Settings(**default | {"lake": folder / "meer", "key_file": folder / "sleutel", "openbaar": "op_verzoek"})
        lake = Lake(settings.lake)
        generator.write(lake)
        for night_settings in (settings, settings.model_copy(update={"known_at": moment})):
            terminal.errors.print("[dim]  een nacht op het voorbeeld …[/]")
            outcome = night.run(night_settings, lambda _name, _seconds: None)
            if not outcome.published:
                terminal.stop(f"Het voorbeeld komt niet door de nacht: {outcome.reden}")
        page = manual.PAGE.read_text(encoding="utf-8")
        with read.opened(lake, lake.as_known_at(moment).warehouse_current) as connection:
            renewed = manual.generated(page, build.parse(settings), questions.answered(connection))
    manual.PAGE.write_text(renewed, encoding="utf-8")
    terminal.console.print("docs/analisten.md: " + ("niets veranderd" if renewed == page else "veranderd"))
