"""A register of the invented town, loaded once and copied for each test."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from served import session_of
from web_database import POSTGRES, TOWN, copied, forget, made


@pytest.fixture(scope="session", autouse=True)
def register_named(tmp_path_factory: pytest.TempPathFactory) -> Path | str:
    """Where the register will be. For every test, as any may be the first of its process."""
    from vorort.web import register

    os.environ["VORORT_SECRET"] = "only for tests " * 4
    path = tmp_path_factory.mktemp("web") / "bare.sqlite3"
    database = f"{POSTGRES}/{made('bare')}" if POSTGRES else path
    register.use(database, plain_http=True, migrate=False)
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from django.db import connection

    # A real register hashes a million times, half a second for each password and code.
    PBKDF2PasswordHasher.iterations = 1000
    # No test pulls the plug: those that kill a process need no word of the disk.
    if not POSTGRES:
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")
    return database


@pytest.fixture(scope="session")
def bare(register_named: Path | str) -> Path | str:
    """A database with all tables and nothing in them: made once, for it takes seconds."""
    from vorort.web import register

    register.use(register_named, plain_http=True)
    _leave()
    return register_named


@pytest.fixture(scope="session")
def loaded(bare: Path | str) -> Path:
    """A demo register; the file is never written to again."""
    from django.db import connection

    from vorort.web import demo, register

    path = Path(bare).with_name("loaded.sqlite3")
    if POSTGRES:
        connection.settings_dict["NAME"] = made("loaded", like="bare")
    else:
        connection.settings_dict["NAME"] = str(shutil.copy(bare, path))
    register.load(TOWN, is_demo=True)
    demo.write_logins()
    _leave()
    return path


def _leave() -> None:
    """Everything written into the one file, and nobody connected."""
    from django.db import connection

    if not POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.fixture
def town(loaded: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A copy of the register that this test may change."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    if POSTGRES:
        is_new = request.node.get_closest_marker("files") is not None
        name = (made if is_new else copied)("test", like="loaded")
    else:
        name = str(shutil.copy(loaded, tmp_path / "register.sqlite3"))
    connection.settings_dict["NAME"] = name
    forget()
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

    def client(name: str) -> Client:
        found = Client()
        if name:
            found.cookies[settings.SESSION_COOKIE_NAME] = session_of(name)
        return found

    return client


@pytest.fixture
def empty(bare, tmp_path):
    """Switches to an empty database; the tables are there."""
    from django.db import connection

    def switch(name="leer"):
        connection.close()
        if POSTGRES:
            found = copied(name, like="bare")
        else:
            found = str(shutil.copy(bare, tmp_path / f"{name}.sqlite3"))
        connection.settings_dict["NAME"] = found
        forget()

    yield switch
    connection.close()
