"""The database the tests of the register run on."""

import os
from pathlib import Path

TOWN = Path(__file__).parents[2] / "examples" / "musterstadt"

# Address of a server these tests may make and drop databases on, without a name at the end;
# unset: SQLite. Run by one process then.
POSTGRES = os.environ.get("VORORT_TEST_POSTGRES", "")


def postgres(command: str) -> None:
    import psycopg

    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
        connection.execute(command)


def forget() -> None:
    """What was read of another register."""
    from vorort.web.deadlines import keeping
    from vorort.web.proposals import problems
    from vorort.web.totals import now

    now._KEPT.clear()
    keeping._KEPT.clear()
    problems._KEPT.clear()
