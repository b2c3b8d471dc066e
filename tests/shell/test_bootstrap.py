"""The file `vorort` in the root: what it refuses, what it does twice, what a kill leaves."""

from __future__ import annotations

import ast
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
INPUTS = (
    "vorort",
    "pyproject.toml",
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-setup.lock",
)
STEPS = ["environment", "installer", "packages", "Vorort", "queue kernel", "pages"]
posix = pytest.mark.skipif(os.name == "nt", reason="needs fork")


class Checkout:
    """A copy of the bootstrap in an empty folder, with an installer that only pretends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "steps.txt"
        self.fails_at = self.dies_at = ""
        self.takes = 0.0
        for name in INPUTS:
            shutil.copy(ROOT / name, folder / name)
        (folder / "assets").mkdir()
        shutil.copy(ROOT / "assets/package-lock.json", folder / "assets/package-lock.json")
        (folder / "src/vorort/queues").mkdir(parents=True)
        (folder / "src/vorort/queues/compile.py").touch()

    def bootstrap(self, pretending: bool = True) -> ModuleType:
        loader = SourceFileLoader("bootstrap", str(self.folder / "vorort"))
        spec = spec_from_loader("bootstrap", loader)
        assert spec is not None
        module = module_from_spec(spec)
        loader.exec_module(module)
        if pretending:
            module.run = self.pretend  # type: ignore[attr-defined]
        return module

    def pretend(self, what: str, command: list[str], lock: int) -> tuple[bool, str]:
        step = what.split("/")[-1].strip()
        with self.log.open("a") as log:
            log.write(step + "\n")
        time.sleep(self.takes)
        if step == self.dies_at:
            os._exit(9)
        if step == self.fails_at:
            return False, "it broke"
        programs = self.folder / ".venv" / ("Scripts" if os.name == "nt" else "bin")
        if step == "environment":
            programs.mkdir()
            (self.folder / ".venv/pyvenv.cfg").touch()
        if step == "Vorort":
            (programs / ("vorort.exe" if os.name == "nt" else "vorort")).touch()
        return True, ""

    def set_up(self, dev: bool = False) -> list[str]:
        """Sets up where needed, as a start would; returns the steps it took."""
        self.log.unlink(missing_ok=True)
        module = self.bootstrap()
        if not module.is_ready(module.read_record(), module.wanted(dev)):
            module.set_up(dev)
        return self.log.read_text().splitlines() if self.log.exists() else []

    def record(self) -> dict[str, str | None]:
        found: dict[str, str | None] = json.loads(
            (self.folder / ".venv/vorort-setup.json").read_text()
        )
        return found

    def change(self, name: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write("# changed\n")

    def leftovers(self) -> list[str]:
        return sorted(
            p.name for p in self.folder.glob(".venv*") if p.is_dir() and p.name != ".venv"
        )

    def in_child(self, act: Callable[[], object]) -> int:
        """Runs ``act`` in a process of its own, not waiting for it."""
        child = os.fork()
        if child == 0:
            try:
                act()
            except BaseException:
                os._exit(1)
            os._exit(0)
        return child


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Checkout(tmp_path)


# ---- set up once, and only what is needed ------------------------------------------------------


def test_first_start_takes_every_step_and_the_second_none(checkout: Checkout) -> None:
    assert checkout.set_up() == STEPS
    assert checkout.record()["state"] == "ready"
    assert checkout.set_up() == []


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("requirements.lock", STEPS),
        ("requirements-setup.lock", STEPS),
        ("pyproject.toml", STEPS[3:]),
        ("vorort", STEPS[3:]),
        ("assets/package-lock.json", STEPS[3:]),
        ("requirements-dev.lock", []),
    ],
)
def test_a_change_repeats_only_what_hangs_on_it(
    checkout: Checkout, name: str, steps: list[str]
) -> None:
    checkout.set_up()
    checkout.change(name)
    assert checkout.set_up() == steps
    assert checkout.set_up() == []


def test_tools_come_with_the_first_test_and_stay(checkout: Checkout) -> None:
    checkout.set_up()
    assert checkout.record()["dev"] is None
    assert checkout.set_up(dev=True) == STEPS
    assert checkout.set_up() == [], "a demo after a test needs nothing"
    checkout.change("requirements.lock")
    checkout.set_up()
    assert checkout.set_up(dev=True) == [], "a rebuild for the demo keeps the tools"


@pytest.mark.parametrize(
    ("arguments", "needs_tools"),
    [
        (["demo"], False),
        ([], False),
        (["setup"], False),
        (["setup", "--dev"], True),
        (["test", "tests/ledger"], True),
        (["bench", "queues"], True),
        (["stress", "--dev"], False),
    ],
)
def test_only_tests_and_benchmarks_ask_for_the_tools(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, arguments: list[str], needs_tools: bool
) -> None:
    module = checkout.bootstrap()
    asked: list[bool] = []
    monkeypatch.setattr(module, "set_up", asked.append)
    monkeypatch.setattr(module, "stop_politely", lambda: None)
    monkeypatch.setattr(module, "start", lambda arguments: 0)
    assert module.main(arguments) == 0
    assert asked == [needs_tools]


def test_a_moved_checkout_is_set_up_anew(checkout: Checkout, tmp_path: Path) -> None:
    checkout.set_up()
    checkout.folder = checkout.folder.rename(tmp_path.parent / f"{tmp_path.name}-moved")
    checkout.log = checkout.folder / "steps.txt"
    assert checkout.set_up() == STEPS


def test_a_python_that_is_gone_is_noticed(checkout: Checkout) -> None:
    checkout.set_up()
    gone = dict(checkout.record(), python=str(checkout.folder / "no-such-python"))
    (checkout.folder / ".venv/vorort-setup.json").write_text(json.dumps(gone))
    assert checkout.set_up() == STEPS


def test_pages_without_their_assets_are_no_reason_to_stop(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.fails_at = "pages"
    assert checkout.set_up() == STEPS
    assert "./vorort setup" in capsys.readouterr().err
    assert checkout.record()["state"] == "ready"
    assert checkout.set_up() == [], "a start does not try again"


# ---- failing, being killed, being two ----------------------------------------------------------


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_failed_first_set_up_leaves_nothing(checkout: Checkout, step: str) -> None:
    checkout.fails_at = step
    with pytest.raises(Exception, match="a step of the set-up failed"):
        checkout.set_up()
    assert not (checkout.folder / ".venv").exists()
    assert checkout.leftovers() == []


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_failed_rebuild_brings_the_old_environment_back(checkout: Checkout, step: str) -> None:
    checkout.set_up()
    before = checkout.record()
    checkout.change("requirements.lock")
    checkout.fails_at = step
    with pytest.raises(Exception, match="a step of the set-up failed"):
        checkout.set_up()
    assert checkout.record() == before
    assert checkout.leftovers() == []


@posix
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("was_ready", [False, True])
def test_the_next_start_repairs_what_a_kill_left(
    checkout: Checkout, step: str, was_ready: bool
) -> None:
    if was_ready:
        checkout.set_up()
        checkout.change("requirements.lock")
    checkout.dies_at = step
    _, status = os.waitpid(checkout.in_child(checkout.set_up), 0)
    assert os.waitstatus_to_exitcode(status) == 9
    checkout.dies_at = ""
    assert checkout.set_up() == STEPS
    assert checkout.record()["state"] == "ready"
    assert checkout.leftovers() == []


@posix
def test_a_kill_during_a_rebuild_does_not_cost_the_old_environment(checkout: Checkout) -> None:
    checkout.set_up()
    lock = (checkout.folder / "requirements.lock").read_text()
    checkout.change("requirements.lock")
    checkout.dies_at = "packages"
    os.waitpid(checkout.in_child(checkout.set_up), 0)
    (checkout.folder / "requirements.lock").write_text(lock)
    checkout.dies_at = ""
    assert checkout.set_up() == []
    assert checkout.record()["state"] == "ready"
    assert checkout.leftovers() == []


@posix
def test_two_starts_at_once_set_up_once(checkout: Checkout) -> None:
    checkout.takes = 0.1
    module = checkout.bootstrap()
    children = [checkout.in_child(lambda: module.set_up(False)) for _ in range(3)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert checkout.log.read_text().splitlines() == STEPS
    assert checkout.record()["state"] == "ready"


def test_an_old_environment_left_behind_is_cleared_away(checkout: Checkout) -> None:
    """The kill came after the record was written and before the old one was removed."""
    checkout.set_up()
    shutil.copytree(checkout.folder / ".venv", checkout.folder / ".venv.old")
    (checkout.folder / ".venv.dead-1").mkdir()
    checkout.change("requirements.lock")
    assert checkout.set_up() == STEPS
    assert checkout.leftovers() == []


def test_an_environment_of_somebody_else_is_never_touched(checkout: Checkout) -> None:
    (checkout.folder / ".venv").mkdir()
    (checkout.folder / ".venv/pyvenv.cfg").write_text("mine")
    with pytest.raises(Exception, match=r"that \./vorort did not make"):
        checkout.set_up()
    assert (checkout.folder / ".venv/pyvenv.cfg").read_text() == "mine"


@posix
def test_stopping_a_step_stops_what_it_started(checkout: Checkout) -> None:
    """A grandchild that goes on writing would bring half an environment back to life."""
    module = checkout.bootstrap(pretending=False)
    alive = checkout.folder / "alive"
    late = f"import time, pathlib; time.sleep(1.5); pathlib.Path({str(alive)!r}).touch()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {late!r}])"

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.7)
        with module.OneAtATime() as lock, pytest.raises(KeyboardInterrupt):
            module.run("step", [sys.executable, "-c", parent], lock)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    time.sleep(1.5)
    assert not alive.exists()


# ---- saying what is missing --------------------------------------------------------------------


def test_the_file_can_be_read_by_python_two() -> None:
    tree = ast.parse((ROOT / "vorort").read_text(encoding="utf-8"), feature_version=(3, 7))
    newer = (
        ast.JoinedStr,
        ast.AnnAssign,
        ast.Nonlocal,
        ast.AsyncFunctionDef,
        ast.Await,
        ast.NamedExpr,
    )
    for node in ast.walk(tree):
        assert not isinstance(node, newer), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            every = [*node.args.args, node.args.vararg, node.args.kwarg]
            assert not node.args.kwonlyargs and node.returns is None, node.name
            assert all(a is None or a.annotation is None for a in every), node.name
        if isinstance(node, ast.Raise):
            assert node.cause is None, f"line {node.lineno}"


def old_pythons() -> list[Path]:
    folders = [Path(p) for p in os.environ.get("PATH", "").split(os.pathsep)]
    folders += sorted((Path.home() / ".pyenv/versions").glob("*/bin"))
    names = ["python2.7", *(f"python3.{minor}" for minor in range(5, 11))]
    found = {
        name: f / name
        for f in folders
        for name in names
        if (f / name).is_file() and "shims" not in f.parts
    }
    return sorted(found.values())


@pytest.mark.skipif(not old_pythons(), reason="no old Python on this machine")
def test_an_old_python_says_so_in_two_languages(checkout: Checkout) -> None:
    for python in old_pythons():
        done = subprocess.run(
            [python, "vorort", "demo"], cwd=checkout.folder, capture_output=True,
            env={"PATH": "", "PYTHONIOENCODING": "utf-8"}, check=False,
        )  # fmt: skip
        said = done.stderr.decode("utf-8")
        assert done.returncode == 1, said
        assert "gebraucht wird 3.11 oder neuer" in said and "needed is 3.11 or newer" in said
        assert not (checkout.folder / ".venv").exists()


def test_an_old_python_hands_over_to_a_newer_one(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = checkout.bootstrap()
    started: list[list[str]] = []
    monkeypatch.setattr(module, "other_python", lambda: "/somewhere/python3.12")
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append([path, *arguments]))
    monkeypatch.setattr(module, "OLDEST", (3, 9))
    module.check_python((3, 10, 1))
    assert started == [], "new enough"
    monkeypatch.setattr(module, "OLDEST", (3, 11))
    monkeypatch.setattr(sys, "argv", ["vorort", "demo"])
    with pytest.raises(module.Stop):  # only because the pretended exec comes back
        module.check_python((3, 10, 1))
    assert started == [["/somewhere/python3.12", "/somewhere/python3.12", "vorort", "demo"]]


def test_a_python_newer_than_the_locks_is_tried(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    module = checkout.bootstrap()
    monkeypatch.setattr(module, "other_python", lambda: None)
    module.check_python((3, 99))
    assert "3.99 is newer than tested" in capfd.readouterr().err


def test_little_space_is_said_with_both_figures(checkout: Checkout) -> None:
    module = checkout.bootstrap()
    module.check_space(2_000_000_000, False)
    with pytest.raises(module.Stop) as stop:
        module.check_space(120_000_000, False)
    assert "Frei sind 120 MB" in stop.value.text() and "120 MB are free" in stop.value.text()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "cannot be written to"),
        (errno.EACCES, "darf nicht geschrieben werden"),
        (errno.ENOSPC, "zu wenig Platz"),
    ],
)
def test_a_folder_that_takes_no_file_is_named(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    number: int,
    words: str,
) -> None:
    module = checkout.bootstrap()

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module, "stop_politely", lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        code = module.main(["demo"])
    said = capfd.readouterr().err
    assert code == 1 and words in said and str(checkout.folder) in said


def test_a_python_without_venv_names_the_package(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = checkout.bootstrap()
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(module.Stop, match=r"apt install python3\.\d+-venv"):
        module.check_venv_module()


@pytest.mark.parametrize(
    ("printed", "de", "en"),
    [
        (
            "NewConnectionError: [Errno -3] Temporary failure in name resolution",
            "nicht erreichbar",
            "cannot be reached",
        ),
        (
            "error: Failed to fetch: x\n  Caused by: dns error",
            "nicht erreichbar",
            "cannot be reached",
        ),
        ("ProxyError('Cannot connect to proxy.')", "Proxy", "proxy"),
        (
            "SSLError: certificate verify failed: self-signed certificate",
            "Zertifikate",
            "certificates",
        ),
        ("OSError: [Errno 28] No space left on device", "zu wenig Platz", "too little space"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "gescheitert", "a step of the set-up failed"),
    ],
)
def test_an_installers_words_become_plain_ones(
    checkout: Checkout, printed: str, de: str, en: str
) -> None:
    problem = checkout.bootstrap().step_failed("Pakete / packages", printed)
    assert de in problem.de and en in problem.en


# ---- handing over ------------------------------------------------------------------------------


@posix
def test_everything_is_passed_on(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.set_up()
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append(arguments))
    module = checkout.bootstrap()
    module.main(["stress", "examples/musterstadt", "--draws", "7"])
    program = str(checkout.folder / ".venv/bin/vorort")
    assert started == [[program, "stress", "examples/musterstadt", "--draws", "7"]]
    assert checkout.log.read_text().splitlines() == STEPS, "and no installer was called"


@posix
def test_a_ready_start_is_quick(checkout: Checkout) -> None:
    checkout.set_up()
    program = checkout.folder / ".venv/bin/vorort"
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o755)
    begin = time.perf_counter()
    codes = {
        subprocess.run([sys.executable, "vorort"], cwd=checkout.folder, check=False).returncode
        for _ in range(3)
    }
    assert codes == {7}
    assert (time.perf_counter() - begin) / 3 < 0.5
