"""Commands for the warehouse: query it, explain a record, restore an earlier one.

Put here: those commands. Keep out: opening and querying it (`orchestration.warehouse`).
"""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.commands import terminal
from orchestration.outcome import Afloop

if TYPE_CHECKING:
    from orchestration.warehouse.explain import Record

app = typer.Typer()


def _asking() -> AbstractContextManager[None]:
    """Exit with a sentence, also if DuckDB rejects the query."""
    import duckdb

    return terminal.exit_on_error(duckdb.Error)


Naast = Annotated[
    str | None, typer.Option(metavar="NACHT|TIJDSTIP", help="Zet er een andere nacht, of een terugblik, naast: `ander.kern.melding`.")
]


@contextmanager
def _warehouse(naast: str | None) -> Iterator[Any]:
    from orchestration.lake import Lake
    from orchestration.warehouse import nights, read

    lake = Lake.of(terminal.settings())
    with _asking(), read.opened(lake, nights.to_compare(lake, naast) if naast else None) as connection:
        yield connection


@app.command(
    epilog=terminal.examples(
        'leerplicht query "select schooljaar, count(*) from kern.melding where telt group by all"',
        "leerplicht query - --csv < docs/vragen/03-aanleidingen.sql > antwoord.csv",
    )
)
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="De vraag; - leest haar van stdin.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Geef alle rijen als CSV.")] = False,
    naast: Naast = None,
) -> None:
    """Stel het magazijn een vraag in SQL; alleen lezen. Geeft 1 met de uitleg van DuckDB als de vraag niet klopt."""
    from orchestration.warehouse import console as rendering
    from orchestration.warehouse.read import ask, count_statements

    question = sys.stdin.read() if sql == "-" else sql
    if (number := count_statements(question)) != 1:
        terminal.stop(f"geef één vraag per keer, dit zijn er {number or 'geen'}; er is niets uitgevoerd", Afloop.INSTELLING)
    with _warehouse(naast) as connection:
        if as_csv:
            rendering.write_csv(sys.stdout, connection, question)
        else:
            rendering.print_answer(terminal.console, ask(connection, question, rendering.SHOWN))


@app.command(epilog=terminal.examples("leerplicht shell", "leerplicht shell --naast 2025-01-01T00:00:00+01:00"))
def shell(naast: Naast = None) -> None:
    """Stel het magazijn vragen achter elkaar; alleen lezen, met aanvulling van namen door Tab."""
    from orchestration.warehouse import console as rendering
    from orchestration.warehouse import shell as prompt

    with _warehouse(naast) as connection:
        show, tell = partial(rendering.print_answer, terminal.console), partial(terminal.console.print, style="red", markup=False)
        prompt.run(prompt.Shell(connection, show, tell, rendering.SHOWN))


def _of_pseudonym(number: str) -> "list[Record]":
    """Return the records of a number that the lake holds as a pseudonym, as it could identify a person (decision 030); else nothing."""
    from orchestration.deliveries.pseudonym import of_number
    from orchestration.errors import LeerplichtError
    from orchestration.lake import Lake
    from orchestration.warehouse.explain import explain

    settings = terminal.settings(new_lake=True)
    try:
        return explain(Lake.of(settings), of_number(settings.key_file, Lake(settings.lake), number))
    except (LeerplichtError, OSError):  # no such record, or no key to read
        return []


@app.command(epilog=terminal.examples("leerplicht explain 2025900001", "leerplicht explain 2025900001 --json"))
def explain(
    name: Annotated[
        str, typer.Argument(metavar="NUMMER|PSEUDONIEM", help="Van een melding, signaal, incident, interventie, vrijstelling of jongere.")
    ],
    as_json: terminal.AsJson = False,
) -> None:
    """Leg een record of een jongere uit: welke leveringen het brachten, welke versie geldt, waarom het daar telt, en in welke cijfers."""
    from orchestration.lake import Lake
    from orchestration.scrub import has_identifier
    from orchestration.warehouse import console as rendering
    from orchestration.warehouse import explain as explaining

    name = name.strip()
    with _asking():
        try:
            records = [] if has_identifier(name) else explaining.explain(Lake.of(terminal.settings()), name)
        except explaining.UnknownError:
            if not (records := _of_pseudonym(name)):
                raise
        if not records and not (records := _of_pseudonym(name)):
            terminal.stop(
                "BSN en onderwijsnummers staan niet in het magazijn; zoek een jongere op pseudoniem, of op het nummer van een melding",
                Afloop.INSTELLING,
            )
    if as_json:
        terminal.say_json({"records": [explaining.as_document(record) for record in records]})
    else:
        rendering.print_explanation(terminal.console, records)


@app.command(epilog=terminal.examples("leerplicht rollback", 'leerplicht rollback vorige --because "de telling van gisteren klopte"'))
def rollback(
    name: Annotated[str | None, typer.Argument(metavar="NACHT", help="Naam, het begin ervan, of `vorige`; zonder: toon wat er is.")] = None,
    because: Annotated[str, typer.Option(help="Waarom; komt met uw naam op schrift.")] = "",
    by: terminal.By = None,
) -> None:
    """Zet het magazijn van een eerdere nacht terug, tot de volgende nacht. Wat is gepubliceerd verandert niet."""
    from orchestration.lake import Lake
    from orchestration.warehouse import console as rendering
    from orchestration.warehouse import nights

    settings = terminal.settings()
    if name is None:
        rendering.print_nights(terminal.console, nights.nights(Lake.of(settings)))
        return
    with _asking(), terminal.locked(settings) as lake:
        night = nights.rollback(lake, name, door=terminal.who(by), omdat=because)
    terminal.say(f"analisten openen weer {night.name}; de volgende nacht vervangt haar, en wat is gepubliceerd is niet veranderd")
