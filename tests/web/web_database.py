"""The database the tests of the register run on."""

import os
from pathlib import Path

import web_put_back
from web_put_back import Copy

TOWN = Path(__file__).parents[2] / "examples" / "musterstadt"

# Address of a server these tests may make and drop databases on, without a name at the end;
# unset: SQLite. Each process of a run has databases of its own there.
POSTGRES = os.environ.get("VORORT_TEST_POSTGRES", "")
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")


def named(name: str) -> str:
    """A database of this process on the server."""
    return "_".join(filter(None, ("vorort", name, _PROCESS)))


def made(name: str, like: str = "") -> str:
    """The same, made anew: empty, or as another one is."""
    postgres(f"DROP DATABASE IF EXISTS {named(name)} WITH (FORCE)")
    # file by file: through the log it takes three times as long
    copied = f" TEMPLATE {named(like)} STRATEGY FILE_COPY" if like else ""
    postgres(f"CREATE DATABASE {named(name)}{copied}")
    forget_copies(name)
    return named(name)


_COPIES: dict[str, Copy] = {}  # by name


def forget_copies(name: str) -> None:
    """Of this name and of this one: it is another database now."""
    web_put_back.forget(name)
    for of in (name, *(n for n, copy in _COPIES.items() if copy.of == name)):
        _COPIES.pop(of, None)


def copied(name: str, like: str) -> str:
    """As `made`, but where a copy of the same is there already it is put back, not made anew."""
    there = _COPIES.get(name)
    if there is None or there.of != like or not there.put_back():
        made(name, like)
        _COPIES[name] = Copy(f"{POSTGRES}/{named(name)}", like)
    return named(name)


def postgres(command: str) -> None:
    import psycopg

    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
        connection.execute(command)


def forget() -> None:
    """What was read of another register."""
    from vorort.web.deadlines import households
    from vorort.web.placing import finding
    from vorort.web.proposals import floors, present, problems
    from vorort.web.totals import now, reading

    finding._KEPT.clear()
    now._KEPT.clear()
    reading._KEPT.clear()
    households._KEPT.clear()
    problems._KEPT.clear()
    floors._ANSWERS.clear()
    present.forget()
