"""Commands for disclosure control: what `openbaar` withholds, the proof that it cannot be derived, and what printed reports reveal.

Put here: those commands. Keep out: the work (`orchestration.publication.disclosure`, `orchestration.publication.reconciliation`).
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import terminal

app = typer.Typer()

PRINTED = typer.Argument(help="CSV met document, tabel, indicator, label, gemeente, schooljaar en gepubliceerd, als in het jaarverslag.")


@app.command(epilog=terminal.examples("leerplicht protect", "leerplicht protect --explain 2024-2025/0147/relatief_verzuim_jongeren"))
def protect(
    explain: Annotated[
        str | None,
        typer.Option(metavar="CIJFER", help="Welke openbare feiten het begrenzen; een cijfer heet 2024-2025/0147/absoluut_verzuim."),
    ] = None,
    name: Annotated[str, typer.Option("--release", metavar="RELEASE", help="Naam, het begin ervan, of `current`.")] = "current",
) -> None:
    """Wat een release van openbaar verbergt en afrondt, en of haar bewijs klopt. Geeft 1 als het niet klopt."""
    from orchestration.lake import Lake
    from orchestration.publication import console_protection, register
    from orchestration.publication.disclosure import proof, report

    lake = Lake.of(terminal.settings())
    with terminal.exit_on_error():
        release = register.find(lake, "openbaar", name)
        private = lake.proof_of(release.name)
        if explain is not None:
            years = proof.evidence(release.folder, private)
            asked = next(((year, cell) for year in years for cell in year.view.values if str(cell) == explain), None)
            if asked is None:
                terminal.stop(f"{explain!r} staat niet in {release.name}; schrijf bijvoorbeeld 2024-2025/0147/absoluut_verzuim")
            console_protection.print_explanation(terminal.console, explain, report.explain(*asked))
            return
        proof.check(release.folder, private)
        losses = report.losses(proof.evidence(release.folder, private))
        summary = proof.summary_of(private)
    public = len({cell for cell, _, kept in summary["al_openbaar"] if kept})
    console_protection.print_protection(terminal.console, release.name, losses, summary["alternatieven"], public, summary["drempel"])


@app.command(epilog="leerplicht remember docs/proef/gedrukt.csv")
def remember(file: Annotated[Path, PRINTED]) -> None:
    """Reken er in openbaar voortaan op dat deze gedrukte cijfers bekend zijn. Dat is niet terug te draaien; gepubliceerd wordt er niets."""
    import duckdb

    from orchestration.publication import console_protection, extract
    from orchestration.publication.disclosure import known
    from orchestration.publication.printed_file import read_printed
    from orchestration.warehouse import read

    settings = terminal.settings()
    with terminal.exit_on_error(duckdb.IOException), terminal.locked(settings) as lake, read.opened(lake) as connection:
        figures = extract.figures(connection, settings.suppression_threshold)
        found = known.remember(lake, read_printed(file), figures)
    console_protection.print_remembered(terminal.console, found)


@app.command(epilog=terminal.examples("leerplicht reconcile docs/proef/gedrukt.csv", "leerplicht reconcile"))
def reconcile(file: Annotated[Path | None, PRINTED] = None) -> None:
    """Leg een gedrukt verslag naast onze cijfers: wat is gelijk, wat wijkt af, wat spreekt zichzelf tegen, en wat geeft het prijs.

    Zonder bestand: de eigen cijfers van de monitor naast de onze.
    """
    import duckdb

    from orchestration.lake import Lake
    from orchestration.publication import console, extract, reconciliation
    from orchestration.warehouse import read

    settings = terminal.settings()
    with terminal.exit_on_error(duckdb.IOException), read.opened(Lake.of(settings)) as connection:
        if file is None:
            console.print_monitor(terminal.console, reconciliation.compare_with_monitor(connection, settings.suppression_threshold))
            return
        figures = extract.figures(connection, settings.suppression_threshold)
        rows = reconciliation.judge(file, figures, extract.reference())
    console.print_reconciliation(terminal.console, rows)
