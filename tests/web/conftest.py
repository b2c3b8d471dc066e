"""A register of the invented town, loaded once and copied for each test."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from web_database import POSTGRES, TOWN, forget, postgres


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo register; the file is never written to again."""
    from vorort.web import demo, register

    path: Path | str = tmp_path_factory.mktemp("web") / "loaded.sqlite3"
    if POSTGRES:
        path = f"{POSTGRES}/vorort_loaded"
        postgres("DROP DATABASE IF EXISTS vorort_loaded")
        postgres("CREATE DATABASE vorort_loaded")
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
        postgres(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        postgres(f"CREATE DATABASE {name} TEMPLATE vorort_loaded")
    else:
        name = str(tmp_path / "register.sqlite3")
        shutil.copy(loaded, name)
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
    from vorort.web.accounts.models import User

    def client(name: str) -> Client:
        found = Client()
        if name:
            found.force_login(User.objects.get(username=name))
        return found

    return client


@pytest.fixture
def empty(tmp_path):
    """Switches to an empty database; the tables are there."""
    from django.core.management import call_command
    from django.db import connection

    made = []

    def switch(name="leer"):
        connection.close()
        if POSTGRES:
            postgres(f"DROP DATABASE IF EXISTS vorort_{name} WITH (FORCE)")
            postgres(f"CREATE DATABASE vorort_{name}")
            connection.settings_dict["NAME"] = f"vorort_{name}"
        else:
            connection.settings_dict["NAME"] = str(tmp_path / f"{name}.sqlite3")
        forget()
        call_command("migrate", verbosity=0)
        made.append(name)

    yield switch
    connection.close()
