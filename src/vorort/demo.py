"""`vorort demo`: Musterstadt with all that is there, on this machine only, at one address."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from vorort.problems import Problem, Refused
from vorort.reports.figures import figures
from vorort.reports.summary import summary_lines
from vorort.stress.front import examples, run_backtests, run_folder

if TYPE_CHECKING:
    from vorort.web.demo import Demo
    from vorort.web.register import Server

PORT = 8000
PAGES = {"de": "bericht.html", "en": "report.html"}


def run_demo(
    *, is_served: bool, port: int | None, draws: int, shared: Path | None = None, size: str = ""
) -> None:
    """Compute, fill a register anew, write the report, and serve all of it until interrupted.

    Without a ``port`` it is 8000, or a free one where that is taken. Raises ``Refused`` where a
    port asked for is taken, another demo runs in this folder, or the folder cannot be written.
    """
    out = Console(highlight=False)
    if size:
        from vorort.web.city.frame import chosen

        chosen(size)  # an unknown size is said before any work
    folder = demo_folder()
    with _stops_politely(), _alone(folder) as note:
        if size:
            found = _city(folder, is_served, port, size)
        else:
            found = _prepared(out, folder, is_served, port, draws, shared)
        try:
            note(found.address if is_served else "")
            _say(out, folder, found if is_served else None)
            if is_served:
                found.serve()
        except KeyboardInterrupt:
            out.print()
        finally:
            found.close()


def _prepared(
    out: Console, folder: Path, is_served: bool, port: int | None, draws: int, shared: Path | None
) -> Demo:
    from vorort.web import demo as web

    server = _server(port) if is_served else None  # a taken port is said before any work
    columns = (
        TextColumn("{task.description:<36}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(),
    )  # fmt: skip
    try:
        with Progress(*columns, console=out) as bar:
            result, past = _stress(bar, draws), _backtests(bar, shared)
            task = bar.add_task("Register, Bericht / register, report", total=1)
            found = web.fill(folder / "register", server, result=result, past=past)
            bar.advance(task)
    except BaseException:
        if server is not None:
            server.server_close()
        raise
    for lang, name in PAGES.items():
        (folder / name).write_text(found.reports[lang], encoding="utf-8")
    for name, content in (("outlook.json", result), ("backtests.json", past)):
        (folder / name).write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    out.print()
    for line in summary_lines(result, "de"):
        print(line)
    return found


def _city(folder: Path, is_served: bool, port: int | None, size: str) -> Demo:
    """An invented city in the register; its outlook is run on its page."""
    from vorort.web import demo as web
    from vorort.web.city.frame import chosen

    server = _server(port) if is_served else None
    try:
        return web.fill(folder / "register", server, size=chosen(size))
    except BaseException:
        if server is not None:
            server.server_close()
        raise


def _server(port: int | None) -> Server:
    from vorort.web.register import bound

    if port is not None:
        return bound(port)
    try:
        return bound(PORT)
    except Refused:
        return bound(0)


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


@contextmanager
def _alone(folder: Path) -> Iterator[Any]:
    """One demo at a time in a folder: it is made anew, which would pull it away from under another.

    The system frees the lock when its holder ends, however it ends. Yields a function that notes
    the address for whoever comes second.
    """
    path = folder / "running.lock"
    with path.open("a+b") as file:
        if not _locked(file):
            where = (folder / "address.txt").read_text("utf-8", "replace").strip()
            raise Refused([
                Problem(
                    str(folder), f"Eine Vorführung läuft hier schon: {where}",
                    f"A demo is running here already: {where}",
                    "Diese Adresse öffnen, oder die laufende mit Strg+C beenden.",
                    "Open that address, or stop the running one with Ctrl+C.",
                )
            ])  # fmt: skip
        note = folder / "address.txt"
        note.write_text("", "utf-8")
        try:
            yield lambda address: note.write_text(address, "utf-8")
        finally:
            note.unlink(missing_ok=True)


def _locked(file: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _stops_politely() -> Iterator[None]:
    """A closed window or a stop by the system is treated like Ctrl+C: nothing is left running."""

    def interrupt(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    names = [n for n in ("SIGTERM", "SIGHUP") if hasattr(signal, n)]
    numbers = [getattr(signal, n) for n in names]
    before = {
        n: signal.signal(n, interrupt) for n in numbers if signal.getsignal(n) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


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


def _say(out: Console, folder: Path, found: Demo | None) -> None:
    """One address, who may log in, three things to try."""
    out.print()
    if found is None and not (folder / PAGES["de"]).exists():
        out.print("Das Register steht / the register is made: var/demo", soft_wrap=True)
    elif found is None:
        report = (folder / PAGES["de"]).as_uri()
        out.print(f"[bold]Der Bericht / the report:[/bold]  {report}", soft_wrap=True)
        out.print("Das Register zeigt `vorort demo` ohne --no-serve.", soft_wrap=True)
    else:
        out.print(f"[bold]Im Browser öffnen / open in a browser:[/bold]  {found.address}",
                  soft_wrap=True)  # fmt: skip
        out.print("Anmelden: auf der Seite eine Rolle wählen. / Log in: choose a role on the page.",
                  soft_wrap=True)  # fmt: skip
        names = ", ".join(name for name, _ in found.logins)
        out.print(f"  ({names}; Passwort / password: {found.logins[0][1]})", style="dim",
                  soft_wrap=True)  # fmt: skip
        out.print("Drei Dinge zum Ausprobieren / three things to try:")
        for line in (
            "1. Belegung: eine Mutter mit drei Kindern erfassen, eine freie Einheit vormerken."
            " / Placing: register a mother with three children, hold a free unit.",
            "2. Belegung: in „Standorte“ eine Einheit sperren, in der Menschen wohnen."
            " / Placing: under sites, block a unit that people live in.",
            "3. Planung: „Ausblick“, neu rechnen, Bericht und Rückschau lesen."
            " / Planning: run the outlook anew, read the report and the backtests.",
        ):
            out.print(f"  {line}", soft_wrap=True)
    out.print(
        "Alle Personen und Zahlen der Stadt sind erfunden; jeder Start beginnt von vorn."
        " / Everything about the town is invented; each start begins anew.",
        style="dim", soft_wrap=True,
    )  # fmt: skip
    if found is not None:
        out.print("Beenden mit Strg+C / stop with Ctrl+C")
