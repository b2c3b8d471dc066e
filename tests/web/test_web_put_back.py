"""No test sees rows of another: what puts a copy on PostgreSQL back is itself put to the test."""

import pytest
import web_database
import web_put_back
from web_database import POSTGRES, copied, named

pytestmark = pytest.mark.skipif(not POSTGRES, reason="on SQLite each test has a file of its own")
ROWS = (
    "UPDATE placing_stay SET status = status WHERE id % 7 = 0",
    "DELETE FROM totals_delta WHERE id % 2 = 0",
    "UPDATE totals_delta SET id = -id",
    "DELETE FROM accounts_grant; DELETE FROM accounts_user",
    "BEGIN; SAVEPOINT a; DELETE FROM town_unit; ROLLBACK TO a; DELETE FROM town_district; COMMIT",
    "INSERT INTO django_session VALUES ('a', 'b', now())",
    "SELECT nextval('accounts_user_id_seq'), setval('town_unit_id_seq', 1)",
    "DELETE FROM deadlines_due; VACUUM deadlines_due",
)
TABLES = (
    "ALTER TABLE town_district ADD COLUMN x integer",
    "CREATE INDEX x ON town_district (name)",
    "ALTER TABLE town_district ALTER COLUMN name DROP NOT NULL",
    "CREATE TABLE x (y integer)",
    "DROP TABLE deadlines_altered",
    "ANALYZE town_district",
    "VACUUM FULL town_district",
    "TRUNCATE django_session",
    "CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
)


@pytest.fixture(scope="module")
def changed(loaded):
    """A copy in which something is changed; gives what puts it back."""
    import psycopg

    def change(commands):
        copied("tried", like="loaded")
        copy = web_database._COPIES["tried"]
        with psycopg.connect(f"{POSTGRES}/{named('tried')}", autocommit=True) as database:
            database.execute("SET session_replication_role = replica")
            for command in commands.split("; "):
                database.execute(command)
        return copy

    yield change
    web_database.forget_copies("tried")
    web_database.postgres(f"DROP DATABASE {named('tried')} WITH (FORCE)")


@pytest.mark.parametrize("commands", ROWS)
def test_rows_are_put_back_as_they_were(changed, commands):
    copy = changed(commands)
    with copy._open() as database:
        is_other = (copy._sums(database), copy._numbers(database)) != (copy.sums, copy.numbers)
    assert is_other or "status = status" in commands, "something was changed"
    uses = copy.uses
    copied("tried", like="loaded")
    assert web_database._COPIES["tried"] is copy and copy.uses == uses + 1, "not made anew"
    with copy._open() as database:
        assert copy._sums(database) == copy.sums and copy._numbers(database) == copy.numbers


@pytest.mark.parametrize("command", TABLES)
def test_where_more_than_rows_was_changed_the_copy_is_made_anew(changed, command):
    assert not changed(command).put_back()


def test_a_row_that_is_overlooked_is_a_failure_of_the_next_test(changed, monkeypatch):
    monkeypatch.setattr(web_put_back, "EVERY", 1)
    copy = changed("UPDATE town_district SET name = 'x' WHERE id = 1")
    monkeypatch.setattr(copy, "_counts", lambda _: copy.counts)
    with pytest.raises(AssertionError, match="town_district"):
        copy.put_back()


def test_whoever_is_still_connected_is_sent_away(changed):
    copy = changed("SELECT 1")
    import psycopg

    with psycopg.connect(copy.address) as other:
        other.execute("DELETE FROM django_session")
        assert copy.put_back()
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT 1")
