"""The command line: parse, call, print. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from vorort.problems import Problem, Refused, near_miss
from vorort.vocabulary import Text
from vorort.web import commands

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Vorort: Wer kommt, wo ist Platz, was läuft wann voll? "
    "/ Who comes, where is room, what runs full when?",
)
app.add_typer(commands.app, name="web")
for _command in (commands.backup, commands.restore, commands.upgrade):
    app.command()(_command)
out, err = Console(highlight=False), Console(stderr=True, highlight=False)

Json = Annotated[
    Path | None,
    typer.Option("--json", help="Ergebnis als JSON hierhin schreiben / write the result as JSON"),
]
Lang = Annotated[str, typer.Option(help="Sprache / language: de | en")]
Seed = Annotated[int, typer.Option(help="gleicher Wert, gleiches Ergebnis / same seed, same bytes")]

Shared = Annotated[
    Path | None,
    typer.Option(
        envvar="VORORT_SHARED",
        help="Ordner mit öffentlichen Tabellen (Kreise) / folder with public tables",
    ),
]


@app.command()
def stress(
    scenario: Annotated[Path, typer.Argument(help="Planfall-Ordner / scenario folder")],
    draws: Annotated[int, typer.Option(min=1, max=100_000, help="Verläufe / draws")] = 1000,
    seed: Seed = 1,
    json_file: Json = None,
    report: Annotated[
        Path | None, typer.Option(help="Bericht als HTML hierhin / HTML report")
    ] = None,
    lang: Lang = "de",
    only: Annotated[
        str | None, typer.Option("--scenario", help="nur diesen Planfall / one named scenario")
    ] = None,
    months: Annotated[int | None, typer.Option(min=1, max=120, help="Monate / months")] = None,
    threads: Annotated[int, typer.Option(min=1, max=64)] = 2,
) -> None:
    """Belastungsprobe: was wann wie wahrscheinlich voll läuft / stress test of a folder."""
    _language(lang)
    _writable(json_file, report)
    from vorort.reports.figures import figures
    from vorort.reports.page import write_report
    from vorort.reports.summary import summary_lines
    from vorort.stress.front import run_folder

    with _progress("Verläufe" if lang == "de" else "draws") as step:
        run = run_folder(
            scenario,
            draws=draws,
            seed=seed,
            months=months,
            threads=threads,
            only=only,
            progress=step,
        )
    result = figures(run)
    if json_file is not None:
        _write_json(json_file, result)
    if report is not None:
        write_report(result, None, report, lang)
    for line in summary_lines(result, lang):
        print(line)


@app.command()
def forecast(
    series: Annotated[Path, typer.Argument(help="CSV mit Spalte month / CSV with a column month")],
    origin: Annotated[
        str, typer.Option(help="letzter bekannter Monat / last known month, YYYY-MM")
    ],
    months: Annotated[int, typer.Option(help="Monate voraus / months ahead")] = 12,
    column: Annotated[str | None, typer.Option(help="Wertespalte / column of values")] = None,
    json_file: Json = None,
) -> None:
    """Prognose einer Monatsreihe, nur aus Werten bis zum Ursprung / forecast of monthly series."""
    from vorort.arrivals.forecast import forecast_series
    from vorort.arrivals.series import read_series

    result = forecast_series(read_series(series, column, origin), months)
    if json_file is not None:
        _write_json(json_file, result)
    rows: Any = result["forecast"]
    table = Table(
        "month", *rows[0]["quantiles"], title=f"{series.name}, {result['column']}, {origin}"
    )
    for row in rows:
        table.add_row(
            row["month"], *("–" if q is None else f"{q:,.0f}" for q in row["quantiles"].values())
        )
    out.print(table)
    for note in result.get("notes", ()):  # type: ignore[attr-defined]
        out.print(f"{note['de']} / {note['en']}", style="dim")


@app.command()
def backtest(
    cases: Annotated[
        list[str], typer.Argument(help="Fälle (Ordner oder Namen) oder all / cases or all")
    ],
    json_file: Json = None,
    draws: Annotated[int, typer.Option(min=20, max=100_000)] = 1000,
    seed: Seed = 1,
    shared: Shared = None,
) -> None:
    """Rückschau: vorhergesagte Bänder gegen das Eingetretene / predicted against what happened."""
    from vorort.reports.backtest_text import backtest_table
    from vorort.stress.front import run_backtests

    with _progress("Fälle / cases") as step:
        result = run_backtests(cases, draws=draws, seed=seed, shared=shared, progress=step)
    if json_file is not None:
        _write_json(json_file, result)
    out.print(backtest_table(result))


@app.command()
def place(
    problem: Annotated[
        Path,
        typer.Argument(
            help="Planfall-Ordner, dazu open_needs.csv, locks.csv, rules.yaml / scenario folder "
            "with these"
        ),
    ],
    seed: Seed = 1,
    outlook: Annotated[
        Path | None,
        typer.Option(
            help="JSON von vorort stress: seltene Einheiten vorhalten / of vorort stress: hold "
            "rare units back"
        ),
    ] = None,
    json_file: Json = None,
    report: Annotated[Path | None, typer.Option(help="Bericht / report, HTML")] = None,
    lang: Lang = "de",
) -> None:
    """Vergabe: wer wohin, mit Gründen; Menschen entscheiden / proposes homes and seats."""
    _language(lang)
    _writable(json_file, report)
    from vorort.placement import place as solved
    from vorort.placement import told
    from vorort.placement.front import week_of_folder
    from vorort.placement.holding import as_record, told_of
    from vorort.reports.page import write_whole
    from vorort.reports.placement_page import placement_page
    from vorort.reports.placement_text import placement_table

    found, held = week_of_folder(problem, seed, outlook)
    with _progress("Vergabe" if lang == "de" else "placement") as step, _interrupt() as stop:
        plan = solved(found, progress=step, stop=stop)
        beside = told_of(plan, held, stop) if held else None
    result = told(plan)
    if held:
        result["reserve"] = as_record(held, beside)
    if json_file is not None:
        _write_json(json_file, result)
    if report is not None:
        write_whole(placement_page(result, lang), report)
    for part in placement_table(result, lang):
        out.print(part)


@app.command()
def parameters(
    name: Annotated[str | None, typer.Argument(help="voller Name / full name")] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Stichtag / day, default today")
    ] = None,
    land: Annotated[str | None, typer.Option(help="Land: he, nw, ...")] = None,
    lang: Lang = "de",
) -> None:
    """Kennwerte: was gilt, woher, wen es verdrängt / value in force, range, source, overrides."""
    _language(lang)
    from vorort.parameters import resolve, rows, story
    from vorort.reports.parameter_text import one_parameter, parameter_table
    from vorort.stress.catalogue import catalogue
    from vorort.vocabulary import LAENDER

    if land is not None and land not in LAENDER:
        near = near_miss(land.lower(), LAENDER)
        raise Refused(
            [
                Problem(
                    "--land",
                    f"{land} ist kein Land.",
                    f"{land} is no Land.",
                    f"Meinten Sie {near}?" if near else f"Eines von {', '.join(LAENDER)}.",
                    f"Did you mean {near}?" if near else f"One of {', '.join(LAENDER)}.",
                )
            ]
        )
    resolved = resolve(catalogue(), on.date() if on else date.today(), land)
    if name is None:
        out.print(parameter_table(rows(resolved), lang))
    else:
        out.print(one_parameter(story(resolved, name), lang))


@app.command()
def demo(
    serve: Annotated[
        bool, typer.Option(help="danach im Browser zeigen / serve it afterwards")
    ] = True,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="sonst 8000 oder ein freier / else 8000 or a free one"),
    ] = None,
    draws: Annotated[int, typer.Option(min=20, max=100_000)] = 1000,
    size: Annotated[
        str, typer.Option(help="city = erfundene Großstadt, nur Register / invented city")
    ] = "",
    shared: Shared = None,
) -> None:
    """Musterstadt zum Ausprobieren: Register, Ausblick, Bericht / the fictional town in full."""
    from vorort.demo import run_demo

    run_demo(is_served=serve, port=port, draws=draws, shared=shared, size=size)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    help="Tests: vorort test [--full] [pytest ...] / the test suite",
)
def test(
    ctx: typer.Context,
    full: Annotated[bool, typer.Option(help="volle Größen / full sizes")] = False,
) -> None:
    from vorort.suite import run_suite

    raise typer.Exit(run_suite(full, ctx.args))


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="engine | model | forecast | place | web")
    ] = None,
    json_file: Json = None,
    quick: Annotated[bool, typer.Option("--quick", help="kleine Größen / small sizes")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Woche von place / week of place")] = 1,
    seeds: Annotated[
        int, typer.Option(min=1, max=20, help="so viele Wochen von place / weeks of place")
    ] = 1,
    peers: Annotated[
        bool, typer.Option(help="place: auch die Vergleiche / the peers as well")
    ] = True,
) -> None:
    """Messungen als Verhältnis zu einem Vergleich im selben Lauf / ratios to a peer in one run."""
    from dataclasses import replace

    from vorort.bench import run_bench
    from vorort.bench.sizes import FULL, QUICK

    size = replace(QUICK if quick else FULL, seed=seed, seeds=seeds, has_peers=peers)
    result = run_bench(names or [], out, size)
    if json_file is not None:
        _write_json(json_file, result)


def main() -> None:
    """Entry point: complaints become lines and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):  # an ASCII console prints ? for ü, it does not stop
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except Refused as refused:
        for problem in refused.problems:
            err.print(f"• {problem.text('de')}", markup=False, soft_wrap=True)
            err.print(f"  {problem.text('en')}", markup=False, style="dim", soft_wrap=True)
        count = len(refused.problems)
        err.print(
            f"{count} Beanstandung(en), nichts geschrieben. "
            f"/ {count} complaint(s), nothing written."
        )
        sys.exit(2)


def _language(lang: str) -> None:
    if lang not in ("de", "en"):
        raise Refused(
            [
                Problem(
                    "--lang",
                    f"Die Sprache {lang} gibt es nicht.",
                    f"There is no language {lang}.",
                    "de oder en angeben.",
                    "Use de or en.",
                )
            ]
        )


def _writable(*targets: Path | None) -> None:
    """Refuse before anything is computed or written: of two files never only one is written."""
    problems = []
    for path in targets:
        if path is None:
            continue
        above = next(p for p in path.absolute().parents if p.exists())
        if path.is_dir():
            why = Text("Das ist ein Ordner, keine Datei.", "This is a folder, not a file.")
        elif not (above.is_dir() and os.access(above, os.W_OK)):
            why = Text(f"{above} ist nicht beschreibbar.", f"{above} cannot be written to.")
        else:
            continue
        remedy = Text("Anderen Namen oder Ordner wählen.", "Choose another name or folder.")
        problems.append(Problem(str(path), why.de, why.en, remedy.de, remedy.en))
    if problems:
        raise Refused(problems)


def _write_json(path: Path, result: Any) -> None:
    """All at once or not at all."""
    _writable(path)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(
            json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
            encoding="utf-8",
        )
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(
            [
                Problem(
                    str(path),
                    f"Lässt sich nicht schreiben ({error.strerror}).",
                    f"Cannot be written ({error.strerror}).",
                    "Ordner und Rechte prüfen.",
                    "Check folder and permissions.",
                )
            ]
        ) from error


@contextmanager
def _interrupt() -> Iterator[Any]:
    """Ctrl-C asks to stop at the next step and keep the best so far; a second one ends at once."""
    asked: list[int] = []

    def ask(number: int, frame: Any) -> None:
        asked.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(what: str) -> Iterator[Any]:
    """A bar on the error stream; yields a function (done, of)."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
