"""`vorort demo`: Musterstadt, its stress test and the backtests, shown on this machine only."""

from __future__ import annotations

import json
import socket
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from vorort.problems import Problem, Refused
from vorort.reports.figures import figures
from vorort.reports.page import write_report
from vorort.reports.summary import summary_lines
from vorort.stress.front import examples, run_backtests, run_folder

HERE = "127.0.0.1"
PAGES = {"de": "index.html", "en": "en.html"}


def run_demo(*, is_served: bool, port: int, draws: int, shared: Path | None = None) -> None:
    """Run everything, write the report in both languages, and serve it until interrupted.

    Raises ``Refused`` where the port is taken or the folder cannot be written.
    """
    out = Console(highlight=False)
    server = _server(port) if is_served else None  # a taken port is said before any work
    folder = demo_folder()
    columns = (
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out) as bar:
        result = _stress(bar, draws)
        past = _backtests(bar, shared)
        task = bar.add_task("Bericht / report", total=len(PAGES))
        for lang, name in PAGES.items():
            write_report(result, past, folder / name, lang)
            bar.advance(task)
    for name, content in (("outlook.json", result), ("backtests.json", past)):
        (folder / name).write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    out.print()
    for line in summary_lines(result, "de"):
        print(line)
    if server is None:
        _say(out, folder, server)
        return
    register = _register(out, folder, result)
    try:
        _say(out, folder, server)
        _serve(server, out)
    finally:
        register.close()


def _register(out: Console, folder: Path, result: dict[str, Any]) -> Any:
    """The register of the same town in the browser, in a thread beside the report."""
    from vorort.web import demo as web

    found = web.start(folder / "register", 0, result=result)
    threading.Thread(target=found.server.serve_forever, daemon=True).start()
    out.print()
    out.print(f"[bold]Das Register / the register:[/bold]  {found.address}", soft_wrap=True)
    names = ", ".join(name for name, _ in found.logins)
    out.print(
        f"  Anmelden / log in: {names}; Passwort / password: {found.logins[0][1]}", soft_wrap=True
    )
    out.print("Drei Dinge zum Ausprobieren / three things to try:")
    for line in (
        "1. Als belegung: Haushalte, „Haushalt erfassen“, dann „Freie Einheit suchen“."
        " / As belegung: register a household, then find a free unit.",
        "2. Plätze, einen Standort öffnen; Standorte, eine Einheit mit Menschen darin sperren."
        " / The board; block a unit with people in it.",
        "3. Als planung: Ausblick, „Jetzt rechnen“. / As planung: run the outlook.",
    ):
        out.print(f"  {line}", soft_wrap=True)
    return found


def demo_folder() -> Path:
    """Where the demo writes: `var/demo` beside the examples."""
    folder = examples().parent / "var" / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused([
            Problem(
                str(folder), f"Der Ordner lässt sich nicht anlegen ({error.strerror}).",
                f"The folder cannot be made ({error.strerror}).",
                "Schreibrechte prüfen oder vorort an einem anderen Ort auspacken.",
                "Check permissions, or unpack vorort somewhere else.",
            )
        ]) from error  # fmt: skip
    return folder


def _stress(bar: Progress, draws: int) -> dict[str, Any]:
    task = bar.add_task("Belastungsprobe / stress test", total=draws + 1)

    def step(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of)

    return figures(run_folder(examples() / "musterstadt", draws=draws, progress=step))


def _backtests(bar: Progress, shared: Path | None) -> dict[str, Any]:
    task = bar.add_task("Rückschau / backtests", total=None)

    def step(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of)

    return run_backtests(["all"], shared=shared, progress=step)


def _say(out: Console, folder: Path, server: ThreadingHTTPServer | None) -> None:
    address = f"http://{HERE}:{server.server_port}/" if server else (folder / PAGES["de"]).as_uri()
    out.print()
    english = f"{address.removesuffix(PAGES['de'])}en.html"
    out.print(
        f"[bold]Der Bericht / the report:[/bold]  {address}   (English: {english})",
        soft_wrap=True,
    )
    out.print("Drei Dinge zum Ansehen / three things to look at:")
    for line in (
        "1. Die Kachelkarte: welches Handlungsfeld in welchem Monat eng wird."
        " / The heat map: what runs full when.",
        "2. Unterkunft: das Mietende der Containeranlage Süd im Fächer."
        " / Accommodation: the lease end in the fan chart.",
        "3. Rückschau: wo wir an veröffentlichten Fällen danebenlagen."
        " / Backtests: where we were wrong.",
    ):
        out.print(f"  {line}", soft_wrap=True)
    out.print(
        "Alle Personen und Zahlen von Musterstadt sind erfunden."
        " / Everything about Musterstadt is invented.",
        style="dim",
        soft_wrap=True,
    )


def _server(port: int) -> ThreadingHTTPServer:
    handler = partial(_Quiet, directory=str(demo_folder()))
    try:
        return _Local((HERE, port), handler)
    except OSError as error:
        raise Refused([
            Problem(
                "--port", f"Der Anschluss {port} ist belegt.", f"Port {port} is taken.",
                "Mit --port 0 einen freien nehmen oder --no-serve angeben.",
                "Use --port 0 for any free one, or --no-serve.",
            )
        ]) from error  # fmt: skip


def _serve(server: ThreadingHTTPServer, out: Console) -> None:
    out.print("Beenden mit Strg+C / stop with Ctrl+C")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        out.print()
    finally:
        server.server_close()


class _Local(ThreadingHTTPServer):
    """Does not take a port over that another program still listens on."""

    allow_reuse_address = False
    daemon_threads = True
    address_family = socket.AF_INET


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the demo's folder; says nothing to the terminal and forbids scripts."""

    def log_message(self, format: str, *args: Any) -> None:
        """No line per request."""

    def end_headers(self) -> None:
        """Every answer comes with the same strict rules the web application will have."""
        self.send_header(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; script-src 'none'",
        )
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """No listing of the folder."""
        self.send_error(404)
