"""`vorort demo` as a whole: one address, one at a time, and nothing is left running."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

# The demo itself, in a folder of the test, with one small backtest case in place of ten.
CODE = """
import sys
from pathlib import Path
from vorort import demo
from vorort.problems import Refused
from vorort.stress.front import run_backtests
demo.demo_folder = lambda: Path(sys.argv[1])
demo._backtests = lambda bar, shared: run_backtests(["potsdam-2017"], draws=20)
try:
    demo.run_demo(is_served=True, port=0, draws=20)
except Refused as refused:
    print(refused.problems[0].text("de"))
    sys.exit(2)
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")


def _hears_ctrl_c() -> None:
    """Also where these tests run as a job in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def begin(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(folder)], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env=os.environ | {"COLUMNS": "200"},
        preexec_fn=_hears_ctrl_c,
    )  # fmt: skip


def address(folder: Path, process: subprocess.Popen[str]) -> str:
    """Waits until the demo stands; its address."""
    note = folder / "address.txt"
    for _ in range(1200):
        if process.poll() is not None:
            raise AssertionError(process.stdout.read() if process.stdout else "")
        if note.exists() and note.read_text("utf-8"):
            return note.read_text("utf-8")
        time.sleep(0.1)
    raise AssertionError("it does not come up")


def workers(folder: Path) -> list[int]:
    """Processes that work for the demo of this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_text("utf-8")
        except OSError:
            continue
        if "register.worker()" in line and str(folder) in line:
            found.append(int(entry.name))
    return found


def all_gone(folder: Path) -> bool:
    return any(not workers(folder) or bool(time.sleep(0.1)) for _ in range(100))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see the worker")
def test_one_address_shows_everything_and_nothing_outlives_it(tmp_path: Path) -> None:
    process = begin(tmp_path)
    try:
        address(tmp_path, process)
        assert len(workers(tmp_path)) == 1
    finally:
        process.kill()
    process.wait()
    assert all_gone(tmp_path), "no worker outlives a demo that is killed"
    (tmp_path / "address.txt").unlink()
    process = begin(tmp_path)  # it begins anew where one was
    try:
        where = address(tmp_path, process)
        page = urllib.request.urlopen(where).read().decode()  # noqa: S310 our own server
        assert "Willkommen in Musterstadt" in page and "Passwort für alle" in page
        assert len(workers(tmp_path)) == 1
        second = begin(tmp_path)
        said, _ = second.communicate(timeout=60)
        assert second.returncode == 2 and where in said, "a second one names the first"
        assert urllib.request.urlopen(where).status == 200, "and does not harm it"  # noqa: S310
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0 and where in said and "Traceback" not in said
        assert all_gone(tmp_path) and not (tmp_path / "address.txt").exists()
    finally:
        process.kill()
    report = (tmp_path / "bericht.html").read_text("utf-8")
    assert 'id="backtests"' in report and (tmp_path / "register" / "register.sqlite3").exists()


def test_without_a_server_the_report_is_written_and_nothing_runs_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from vorort import demo
    from vorort.web import demo as web

    def filled(folder: Path, server: object, **given: Any) -> web.Demo:
        assert server is None and given["result"]["draws"] == 20
        return web.Demo(None, (), None, {"de": "Bericht", "en": "report"})

    monkeypatch.setattr(web, "fill", filled)
    monkeypatch.setattr(demo, "demo_folder", lambda: tmp_path)
    monkeypatch.setattr(demo, "_backtests", lambda bar, shared: {"cases": []})
    demo.run_demo(is_served=False, port=None, draws=20)
    assert (tmp_path / "bericht.html").read_text("utf-8") == "Bericht"
    assert (tmp_path / "report.html").exists() and (tmp_path / "outlook.json").exists()
    assert "ohne --no-serve" in capsys.readouterr().out
    assert not (tmp_path / "address.txt").exists() and all_gone(tmp_path)
