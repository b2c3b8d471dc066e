"""`vorort web ...`: fill, write out and serve a register. Django starts only when one is called."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from vorort.web import register

app = typer.Typer(
    no_args_is_help=True, help="Das Register im Browser / the register in the browser"
)
Database = Annotated[
    str,
    typer.Option(
        envvar="VORORT_DATABASE", help="SQLite-Datei oder postgresql://... / SQLite file or address"
    ),
]
FILE = "var/register.sqlite3"


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="Planfall-Ordner / scenario folder")],
    database: Database = FILE,
) -> None:
    """Planfall-Ordner in ein leeres Register laden / load a scenario folder, all or nothing."""
    register.use(database)
    found = register.load(folder)
    typer.echo(
        f"{found.households} Haushalte / households, {found.persons} Personen / people, "
        f"{found.units} Einheiten / units, {found.stays} Belegungen / placements"
    )


@app.command()
def city(
    size: Annotated[str, typer.Argument(help="city | village")] = "city",
    database: Database = FILE,
) -> None:
    """Erfundene Großstadt in ein leeres Register, zum Messen / an invented city, for measuring."""
    register.use(database, plain_http=True)
    found = register.invent(size)
    typer.echo(
        f"{found.households} Haushalte / households, {found.persons} Personen / people, "
        f"{found.units} Einheiten / units, {found.stays} Belegungen / placements"
    )


@app.command()
def dump(
    folder: Annotated[Path, typer.Argument(help="neuer Ordner / new folder")],
    database: Database = FILE,
) -> None:
    """Register als Planfall-Ordner schreiben / write the register as a scenario folder."""
    register.use(database)
    register.dump(folder)


@app.command()
def outlook(
    database: Database = FILE,
    draws: Annotated[int, typer.Option(min=1, max=100_000, help="Verläufe / draws")] = 1000,
    seed: Annotated[int, typer.Option(help="gleicher Wert, gleiches Ergebnis / same seed")] = 1,
) -> None:
    """Belastungsprobe auf dem heutigen Register / stress test on the register of today."""
    register.use(database)
    typer.echo(register.outlook(draws, seed)["sentence"]["de"])


@app.command()
def health(database: Database = FILE) -> None:
    """Prüfungen des Betriebs; Ausgang 1, wo jemand nachsehen muss / checks, 1 where one is bad."""
    register.use(database, migrate=False)
    from vorort.web.operations.health import checks

    found = checks()
    for check in found:
        mark = "gut / good" if check.is_good else "PRÜFEN / LOOK"
        typer.echo(f"{mark:14} {check.name.de}: {check.says.de} / {check.says.en}")
    raise typer.Exit(int(any(not c.is_good for c in found)))


@app.command("delete-again")
def delete_again(database: Database = FILE) -> None:
    """Löschliste anwenden, wo eine Datenbank ohne `restore` zurückkam / apply the deletion list."""
    register.use(database)
    from vorort.web.retention import actions as retention

    typer.echo(
        f"{retention.apply_again(sorted(retention.noted()))} erneut gelöscht / deleted again"
    )


@app.command()
def nightly(database: Database = FILE) -> None:
    """Was nachts läuft: Löschen, Aufgaben, Summen, Fristen / retention, tasks, totals, dates."""
    register.use(database)
    from vorort.web import bulk, clock
    from vorort.web.deadlines.keeping import nightly as dates
    from vorort.web.outlook import runs
    from vorort.web.retention import upkeep
    from vorort.web.retention.actions import nightly as forget
    from vorort.web.tasks.arising import arise
    from vorort.web.totals.recount import nightly as recount

    today = clock.today()
    typer.echo(f"{forget(today)} Zeilen vergessen / rows forgotten")
    if upkeep.is_due():
        typer.echo(
            "Reste von Gelöschten stehen noch in Dateien des Servers: eine offene Transaktion "
            "endete nicht (pg_stat_activity). Die nächste Nacht versucht es wieder. / "
            "Remains of deleted people are still in the server's files: an open transaction "
            "did not end (pg_stat_activity). The next night tries again.",
            err=True,
        )
    typer.echo(f"{arise(today)} neue Aufgaben / new tasks")
    if runs.review() is None:
        from vorort.stress.front import run_backtests

        runs.keep_review(run_backtests(["all"]))
        typer.echo("Rückschau gerechnet / backtests run")
    bulk.counted()
    odd = dates(today)
    typer.echo(f"{odd} Fristen falsch geführt, neu gerechnet / dates were wrong, mended")
    wrong = recount(today)
    typer.echo(f"{wrong} Standorte falsch summiert, neu gezählt / sites had wrong totals, mended")


Passphrase = Annotated[
    Path | None,
    typer.Option(
        envvar="VORORT_PASSPHRASE_FILE", help="Datei mit der Passphrase / file with the passphrase"
    ),
]


def backup(
    file: Annotated[Path, typer.Argument(help="Ziel, *.vorort / target")],
    database: Database = FILE,
    passphrase_file: Passphrase = None,
) -> None:
    """Verschlüsselte Sicherung des Registers, auch während gearbeitet wird / encrypted backup."""
    register.use(database, migrate=False)
    from vorort.web.operations import backup as backups

    secret = backups.passphrase(passphrase_file)
    backups.keep_apart(passphrase_file, file)
    size = backups.write(file, secret)
    typer.echo(f"{file}: {size / 1e6:.1f} MB")


def restore(
    file: Annotated[Path, typer.Argument(help="Sicherung / backup")],
    database: Database = FILE,
    passphrase_file: Passphrase = None,
    no_deletion_list: Annotated[
        bool, typer.Option(help="es gibt keine Löschliste / there is no deletion list")
    ] = False,
) -> None:
    """In eine leere Datenbank zurückspielen; Löschungen werden wiederholt / restore a backup."""
    register.use(database)
    from vorort.web.operations import backup as backups

    secret = backups.passphrase(passphrase_file)
    done = backups.restore(file, secret, without_list=no_deletion_list)
    typer.echo(f"{done.rows} Zeilen / rows, {done.again} erneut gelöscht / deleted again")
    if done.codes:
        typer.echo(
            "Anderer Schlüssel (VORORT_SECRET): Wiederherstellungscodes gelten nicht mehr, "
            "Anmeldung mit Passwort und Code wie bisher. / Another key: recovery codes end, "
            "logging in with password and code goes on."
        )


def upgrade(
    file: Annotated[Path, typer.Argument(help="Sicherung davor, *.vorort / backup before it")],
    database: Database = FILE,
    passphrase_file: Passphrase = None,
) -> None:
    """Sichern, Tabellen aktualisieren, prüfen, sonst zurück / backup, migrate, check, or back."""
    register.use(database, migrate=False)
    from vorort.web.operations import backup as backups
    from vorort.web.operations.upgrade import upgrade as run

    secret = backups.passphrase(passphrase_file)
    backups.keep_apart(passphrase_file, file)
    done = run(file, secret)
    typer.echo("\n".join(done) if done else "aktuell / up to date")


@app.command()
def user(
    name: Annotated[str, typer.Argument(help="Benutzername / user name")],
    role: Annotated[str, typer.Option(help="Rolle / role")] = "verwaltung",
    office: Annotated[str, typer.Option(help="Stelle / office")] = "sozialamt",
    database: Database = FILE,
) -> None:
    """Ersten Zugang anlegen; der Startcode gilt 24 Stunden / make the first login."""
    register.use(database)
    code = register.add_user(name, role, office)
    typer.echo(f"{name}: {code}  (24 h)")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="wird neu angelegt / is made anew")] = Path(
        "var/demo"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    draws: Annotated[int, typer.Option(min=0, help="Verläufe für „Heute“ / draws")] = 100,
) -> None:
    """Musterstadt ausprobieren, nur auf diesem Rechner / a town to try, on this machine."""
    from vorort.web.demo import start

    found = start(folder, port, draws=draws)
    typer.echo(found.address)
    for name, password in found.logins:
        typer.echo(f"  {name} / {password}")
    typer.echo("Beenden mit Strg+C / stop with Ctrl+C")
    try:
        found.serve()
    except KeyboardInterrupt:
        typer.echo()


@app.command()
def worker(database: Database = FILE) -> None:
    """Hintergrunddienst: rechnet, was auf den Seiten begonnen wurde / does queued work."""
    register.use(database)
    register.worker()


@app.command()
def serve(
    database: Database = FILE,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    plain_http: Annotated[bool, typer.Option(help="ohne TLS, nur zum Probieren")] = False,
    workers: Annotated[
        int, typer.Option(min=0, max=32, help="Prozesse; 0 = nur Fäden / processes, 0 = threads")
    ] = 0 if os.name == "nt" else 2,
) -> None:
    """Register auf 127.0.0.1 zeigen; TLS gehört davor / serve it on this machine, TLS in front."""
    register.use(database, plain_http=plain_http)
    if workers:
        typer.echo(f"http://{register.HERE}:{port}/")
        register.serve_with_gunicorn(port, workers)
        return
    found = register.server(port)
    typer.echo(f"http://{register.HERE}:{found.server_port}/")
    _serve(found)


def _serve(server: register.Server) -> None:
    typer.echo("Beenden mit Strg+C / stop with Ctrl+C")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        typer.echo()
    finally:
        server.server_close()
