"""A register of the invented town, loaded once and copied for each test."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
TOWN = Path(__file__).parents[2] / "examples" / "musterstadt"


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo register; the file is never written to again."""
    from vorort.web import demo, register

    path = tmp_path_factory.mktemp("web") / "loaded.sqlite3"
    os.environ["VORORT_SECRET"] = "only for tests " * 4
    register.use(path, plain_http=True)
    register.load(TOWN, is_demo=True)
    demo.write_logins()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
def town(loaded: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the register that this test may change."""
    from django.db import connection

    path = tmp_path / "register.sqlite3"
    shutil.copy(loaded, path)
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    yield path
    connection.close()
    connection.settings_dict["NAME"] = str(loaded)


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
