"""A register of the invented town, loaded once and copied for each test."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
TOWN = Path(__file__).parents[2] / "examples" / "musterstadt"


# Address of a server these tests may make and drop databases on, without a name at the end;
# unset: SQLite. Run by one process then.
POSTGRES = os.environ.get("VORORT_TEST_POSTGRES", "")


def _postgres(command: str) -> None:
    import psycopg

    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
        connection.execute(command)


def _forget() -> None:
    """What was read of another register."""
    from vorort.web import bridge
    from vorort.web.deadlines import queries
    from vorort.web.proposals import problems

    bridge._KEPT.clear()
    queries._KEPT.clear()
    problems._KEPT.clear()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo register; the file is never written to again."""
    from vorort.web import demo, register

    path: Path | str = tmp_path_factory.mktemp("web") / "loaded.sqlite3"
    if POSTGRES:
        path = f"{POSTGRES}/vorort_loaded"
        _postgres("DROP DATABASE IF EXISTS vorort_loaded")
        _postgres("CREATE DATABASE vorort_loaded")
    os.environ["VORORT_SECRET"] = "only for tests " * 4
    register.use(path, plain_http=True)
    register.load(TOWN, is_demo=True)
    demo.write_logins()
    from django.db import connection

    if not POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
def town(loaded: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the register that this test may change."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    if POSTGRES:
        name = "vorort_test"
        _postgres(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        _postgres(f"CREATE DATABASE {name} TEMPLATE vorort_loaded")
    else:
        name = str(tmp_path / "register.sqlite3")
        shutil.copy(loaded, name)
    connection.settings_dict["NAME"] = name
    _forget()
    before_dir = Path.cwd()
    os.chdir(tmp_path)  # where a deletion list goes that lies beside no file
    yield Path(name)
    os.chdir(before_dir)
    connection.close()
    connection.settings_dict["NAME"] = before


@pytest.fixture
def browse(town: Path):
    """A client that is logged in, by user name."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    from vorort.web.accounts.models import User

    def client(name: str) -> Client:
        found = Client()
        if name:
            found.force_login(User.objects.get(username=name))
        return found

    return client
