"""`leerplicht …`: parses, calls a step, prints.

Put here: commands and what they say. Keep out: doing the work. Heavy imports stand inside the commands, so that `--help` answers at once.
"""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from orchestration.lake import Lake

if TYPE_CHECKING:
    from orchestration.settings import Settings

app = typer.Typer(
    help="Van ruwe extracten naar het gepubliceerde jaarverslag leerplicht.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
console = Console(highlight=False, soft_wrap=False)
errors = Console(stderr=True, highlight=False)


def _settings() -> "Settings":
    from pydantic import ValidationError

    from orchestration.settings import Settings

    try:
        return Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        _stop(f"instelling LEERPLICHT_{str(first['loc'][0]).upper()}: {first['msg']}", code=2)


def _stop(reason: str, code: int = 1) -> NoReturn:
    errors.print(Text.assemble(("✗", "bold red"), f" {reason}"), soft_wrap=True)  # no markup: a reason may hold a name with brackets
    raise typer.Exit(code)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """What can go wrong with deliveries and is nobody's bug becomes one sentence and an exit code."""
    from orchestration.deliveries.accept import AcceptError
    from orchestration.deliveries.check import CheckError
    from orchestration.deliveries.deliver import DeliveryError
    from orchestration.deliveries.ledger import LedgerError
    from orchestration.deliveries.pseudonym import PseudonymKeyError

    try:
        yield
    except (AcceptError, CheckError, DeliveryError, LedgerError, PseudonymKeyError) as problem:
        _stop(str(problem))
    except OSError as problem:
        _stop(f"{problem.strerror or 'het lukt niet'}: {problem.filename or 'het meer'}")


def _moment(kennisdatum: str) -> datetime:
    try:
        return datetime.fromisoformat(kennisdatum)
    except ValueError:
        _stop(f"kennisdatum {kennisdatum!r} is geen tijdstip; schrijf 2025-03-03T02:00:00+01:00", code=2)


@app.command(epilog="Voorbeeld:  leerplicht run   ·   leerplicht run --known-at 2025-01-01T00:00:00+01:00")
def run(
    known_at: Annotated[
        str | None,
        typer.Option(metavar="TIJDSTIP", help="Kijk terug: de cijfers zoals zij toen bekend waren. Wat lezers zien blijft zoals het is."),
    ] = None,
) -> None:
    """Lees wat is geleverd, bouw het magazijn, keur het, en publiceer. Geeft 0 als er is gepubliceerd, anders 1 met de reden."""
    settings = _settings()
    if known_at is not None:
        settings = settings.model_copy(update={"known_at": _known_at(known_at)})
    errors.print("[dim]Dagster en dbt laden …[/]")
    from orchestration import night
    from orchestration.publication import console as rendering

    def report(name: str, seconds: float | None) -> None:
        errors.print(f"[dim]  {name} …[/]" if seconds is None else f"[dim]  {name}: {seconds:.1f} s[/]")

    outcome = night.run(settings, report)
    if not outcome.published:
        _stop(f"Niet gepubliceerd: {outcome.reason}")
    rendering.print_release(console, Lake.of(settings).published("intern") / "current")
    if settings.known_at:
        told = f"Teruggekeken naar wat bekend was op {settings.known_at.isoformat()}; wat lezers zien is niet veranderd."
        console.print(Text(told), soft_wrap=True)


def _known_at(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        _stop(f"{text!r} is geen tijdstip met tijdzone; schrijf 2025-01-01T00:00:00+01:00", code=2)
    return moment


class Size(StrEnum):
    """How large an example."""

    KLEIN = "klein"
    REGION = "region"


@app.command(epilog="Voorbeeld:  leerplicht example --out proefmeer   ·   leerplicht example --size region --out proefmeer")
def example(
    out: Annotated[Path | None, typer.Option(help="Het meer waarin de voorbeeldleveringen komen; anders het ingestelde.")] = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Doe niets als er al iets in landing ligt.")] = False,
    size: Annotated[
        Size, typer.Option(help="klein: Hengelo en Borne, zoals het jaarverslag. region: heel Twente, 14 gemeenten en vier schooljaren.")
    ] = Size.KLEIN,
) -> None:
    """Schrijf de voorbeeldleveringen: verzonnen personen, elke keer dezelfde bytes."""
    from orchestration import example as generator
    from orchestration.example import region

    lake = Lake(out.resolve() if out else _settings().lake)
    if if_empty and lake.landing.is_dir() and any(lake.landing.iterdir()):
        return
    folders = region.write(lake) if size is Size.REGION else generator.write(lake)
    console.print(f"{len(folders)} voorbeeldleveringen in {lake.landing}")


@app.command(
    epilog="Voorbeeld:  leerplicht deliver duo verzuimmeldingen.csv --aard mutatie --kennisdatum 2025-03-03T02:00:00+01:00",
)
def deliver(
    bron: Annotated[str, typer.Argument(help="monitor, duo of carel.")],
    files: Annotated[list[str], typer.Argument(metavar="FILES…", help="De bestanden; `entiteit=pad` als de naam de entiteit niet zegt.")],
    aard: Annotated[str, typer.Option(help="volledig of mutatie.")],
    kennisdatum: Annotated[str, typer.Option(help="Wanneer de bron dit maakte, met tijdzone: 2025-03-03T02:00:00+01:00.")],
) -> None:
    """Maak van losse bestanden een levering: manifest met hashes en aantallen, in één stap in landing gezet."""
    from orchestration.deliveries import deliver as delivering

    settings = _settings()
    moment = _moment(kennisdatum)
    with _in_a_sentence():
        folder = delivering.deliver(settings, bron, files, aard, moment)
    console.print(Text(f"levering {bron}/{folder.name} staat klaar in {folder}"))


@app.command(epilog="Voorbeeld:  leerplicht status --bron duo   ·   leerplicht status --alles")
def status(
    bron: Annotated[str | None, typer.Option(help="Alleen monitor, duo of carel.")] = None,
    everything: Annotated[bool, typer.Option("--alles", help="Toon ook oudere aanvaarde en herhaalde leveringen.")] = False,
) -> None:
    """Toon alle leveringen per bron: wachtend, geaccepteerd, geweigerd of herhaald, met aantallen en redenen."""
    from expectations.contract import BRONNEN
    from orchestration.deliveries import console as rendering

    if bron is not None and bron not in BRONNEN:
        _stop(f"onbekende bron {bron!r}; kies uit {', '.join(BRONNEN)}", code=2)
    with _in_a_sentence():
        rendering.print_status(console, Lake(_settings().lake), bron, 0 if everything else 10)


@app.command(
    epilog="Voorbeeld:  leerplicht check data_lake/landing/duo/20250303T020000   ·   leerplicht check verzuimmeldingen.csv --aard mutatie",
)
def check(
    paths: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER…", help="Mappen van leveringen, of losse bestanden als bij deliver.")],
    bron: Annotated[str | None, typer.Option(help="monitor, duo of carel; anders blijkt dat uit map of naam.")] = None,
    aard: Annotated[str | None, typer.Option(help="volledig of mutatie; anders wat de bron gewoonlijk levert.")] = None,
    kennisdatum: Annotated[str | None, typer.Option(help="Wanneer de bron dit maakte, met tijdzone; anders nu.")] = None,
) -> None:
    """Zeg wat een levering zou doen, zonder het te doen. Geeft 1 als zij zou worden geweigerd, of niet af is."""
    from orchestration.deliveries import check as checking
    from orchestration.deliveries import console as rendering
    from orchestration.deliveries.reasons import Refusal

    settings = _settings()
    moment = _moment(kennisdatum) if kennisdatum else datetime.now(UTC).astimezone()
    folders = [path for path in paths if Path(path).is_dir()]
    if folders and len(folders) < len(paths):
        _stop("geef mappen of losse bestanden, niet allebei", code=2)
    found = []
    with _in_a_sentence():
        try:
            found += [checking.check_folder(settings, Path(folder), bron) for folder in folders]
            found += [] if folders else [checking.check_files(settings, bron, paths, aard, moment)]
        except Refusal as refusal:
            _stop(f"zou zijn geweigerd – {refusal.code}: {refusal.reden}")
    for checked in found:
        rendering.print_checked(console, checked)
    if any(checked.entry.oordeel == "geweigerd" for checked in found):
        raise typer.Exit(1)


@app.command(epilog='Voorbeeld:  leerplicht accept monitor/20250801T020000 --because "de monitor levert sinds augustus zonder Borne"')
def accept(
    levering: Annotated[str, typer.Argument(metavar="BRON/LEVERING", help="Zoals status haar noemt.")],
    because: Annotated[str, typer.Option(help="Waarom zij toch telt; komt met uw naam in het grootboek.")],
    by: Annotated[str | None, typer.Option(help="Wie dit besluit; anders de gebruiker van deze machine.")] = None,
) -> None:
    """Neem een levering aan die alleen om haar omvang is geweigerd (volume_gedaald), met de reden op schrift."""
    from filelock import FileLock, Timeout

    from orchestration.deliveries import accept as accepting

    settings = _settings()
    bron, divided, name = levering.partition("/")
    if not divided or not name:
        _stop("schrijf bron/levering, zoals monitor/20250801T020000", code=2)
    lock = Lake(settings.lake).lock
    with _in_a_sentence():
        lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(lock, timeout=0):
                entry = accepting.accept(settings, bron, name.rstrip("/"), because, by or getpass.getuser())
        except Timeout:
            _stop("er loopt een nacht op dit meer; wacht tot die klaar is")
    loaded = sum(entity.geladen for entity in entry.entiteiten)
    console.print(Text(f"{entry.bron}/{entry.levering} is aanvaard: {loaded} rijen geladen; zij tellen bij de volgende run"))


@contextmanager
def _asking() -> Iterator[None]:
    """What can go wrong with a question to the warehouse and is nobody's bug becomes its message and an exit code."""
    import duckdb

    from orchestration.warehouse.explain import UnknownError
    from orchestration.warehouse.nights import NightError
    from orchestration.warehouse.read import NoWarehouseError

    try:
        yield
    except (NoWarehouseError, NightError, UnknownError, duckdb.Error) as problem:
        _stop(str(problem))


Naast = Annotated[
    str | None, typer.Option(metavar="NACHT|TIJDSTIP", help="Zet er een andere nacht, of een terugblik, naast: `ander.kern.melding`.")
]


@contextmanager
def _warehouse(naast: str | None) -> Iterator[Any]:
    from orchestration.warehouse import nights, read

    lake = Lake.of(_settings())
    with _asking(), read.opened(lake, nights.to_compare(lake, naast) if naast else None) as connection:
        yield connection


@app.command(
    epilog='Voorbeeld:  leerplicht query "select schooljaar, count(*) from kern.melding where telt group by all"'
    "   ·   leerplicht query - --csv < vraag.sql > antwoord.csv",
)
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="De vraag; - leest haar van stdin.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Geef alle rijen als CSV.")] = False,
    naast: Naast = None,
) -> None:
    """Stel het magazijn een vraag in SQL; alleen lezen. Geeft 1 met de uitleg van DuckDB als de vraag niet klopt."""
    from orchestration.warehouse import console as rendering
    from orchestration.warehouse.read import ask

    question = sys.stdin.read() if sql == "-" else sql
    with _warehouse(naast) as connection:
        if as_csv:
            rendering.write_csv(sys.stdout, connection, question)
        else:
            rendering.print_answer(console, ask(connection, question, rendering.SHOWN))


@app.command(epilog="Voorbeeld:  leerplicht shell   ·   leerplicht shell --naast 2025-01-01T00:00:00+01:00")
def shell(naast: Naast = None) -> None:
    """Stel het magazijn vragen achter elkaar; alleen lezen, met aanvulling van namen door Tab."""
    from orchestration.warehouse import console as rendering
    from orchestration.warehouse import shell as prompt

    with _warehouse(naast) as connection:
        show, tell = partial(rendering.print_answer, console), partial(console.print, style="red", markup=False)
        prompt.run(prompt.Shell(connection, show, tell, rendering.SHOWN))


@app.command(epilog="Voorbeeld:  leerplicht explain 2025900001")
def explain(
    name: Annotated[
        str, typer.Argument(metavar="NUMMER|PSEUDONIEM", help="Van een melding, signaal, incident, interventie, vrijstelling of jongere.")
    ],
) -> None:
    """Leg een record of een jongere uit: welke leveringen het brachten, welke versie geldt, waarom het daar telt, en in welke cijfers."""
    from orchestration.warehouse import console as rendering
    from orchestration.warehouse import explain as explaining

    with _asking():
        rendering.print_explanation(console, explaining.explain(Lake.of(_settings()), name))


@app.command(epilog='Voorbeeld:  leerplicht rollback   ·   leerplicht rollback 20250303T011500 --because "de telling van gisteren klopte"')
def rollback(
    name: Annotated[str | None, typer.Argument(metavar="NACHT", help="Naam of begin ervan; zonder: toon de nachten die er zijn.")] = None,
    because: Annotated[str, typer.Option(help="Waarom; komt met uw naam op schrift.")] = "",
    by: Annotated[str | None, typer.Option(help="Wie dit besluit; anders de gebruiker van deze machine.")] = None,
) -> None:
    """Zet het magazijn van een eerdere nacht terug, tot de volgende nacht. Wat is gepubliceerd verandert niet."""
    from filelock import FileLock, Timeout

    from orchestration.warehouse import console as rendering
    from orchestration.warehouse import nights

    lake = Lake.of(_settings())
    if name is None:
        rendering.print_nights(console, nights.nights(lake))
        return
    lake.lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _asking(), FileLock(lake.lock, timeout=0):
            night = nights.rollback(lake, name, door=by or getpass.getuser(), omdat=because)
    except Timeout:
        _stop("er loopt een nacht op dit meer; wacht tot die klaar is")
    console.print(Text(f"analisten openen weer {night.name}; de volgende nacht vervangt haar, en wat is gepubliceerd is niet veranderd"))


@app.command(epilog="Voorbeeld:  leerplicht docs   ·   leerplicht docs --write")
def docs(
    write: Annotated[
        bool, typer.Option("--write", help="Schrijf het woordenboek, de diagrammen en de antwoorden in docs/; op een eigen voorbeeldmeer.")
    ] = False,
    port: Annotated[int, typer.Option(help="Poort op 127.0.0.1.")] = 8080,
) -> None:
    """Toon de documentatie van dbt op 127.0.0.1: elke tabel, haar SQL, haar toetsen en waar zij vandaan komt."""
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    from orchestration.warehouse import build

    if write:
        _write_pages()
        return
    with _in_a_sentence():
        site = build.document(_settings())
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(SimpleHTTPRequestHandler, directory=str(site)))
    console.print(f"http://127.0.0.1:{server.server_port}  (stop met Ctrl-C)")
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()


def _write_pages() -> None:
    """The answers are those of the example, made anew: the answers of a real lake have no place in the repository."""
    import tempfile

    from orchestration import example as generator
    from orchestration import night
    from orchestration.settings import Settings
    from orchestration.warehouse import build, manual, questions, read

    moment = datetime.fromisoformat(manual.LOOK_BACK)
    with tempfile.TemporaryDirectory() as folder, _asking():
        default = {name: field.default for name, field in Settings.model_fields.items()}
        settings = Settings(**default | {"lake": Path(folder) / "meer", "key_file": Path(folder) / "sleutel"})
        lake = Lake(settings.lake)
        generator.write(lake)
        for night_settings in (settings, settings.model_copy(update={"known_at": moment})):
            errors.print("[dim]  een nacht op het voorbeeld …[/]")
            outcome = night.run(night_settings, lambda _name, _seconds: None)
            if not outcome.published:
                _stop(f"Het voorbeeld komt niet door de nacht: {outcome.reason}")
        pages = manual.described(build.parse(settings))
        with read.opened(lake, lake.as_known_at(moment).warehouse_current) as connection:
            pages[manual.PAGE] = manual.answering(pages[manual.PAGE], questions.answered(connection))
    changed = manual.write(pages)
    console.print(f"{len(pages)} bladzijden, {len(changed)} veranderd" + "".join(f"\n  {name}" for name in changed))


@app.command(epilog="Voorbeeld:  leerplicht dev --port 3001")
def dev(port: Annotated[int, typer.Option(help="Poort op 127.0.0.1.")] = 3000) -> NoReturn:
    """Open Dagster's UI op 127.0.0.1 (zij heeft geen inlog: zet haar nooit open voor een netwerk)."""
    settings = _settings()
    from orchestration.defs import planning

    home = Lake(settings.lake).dagster_home
    with planning.instance(home):
        pass
    command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execve(sys.executable, command, {**os.environ, "DAGSTER_HOME": str(home), "LEERPLICHT_LAKE": str(settings.lake)})  # noqa: S606
