"""A deleted person is found nowhere but in the certificate.

On SQLite by a search of every file; on PostgreSQL in a full logical dump of every table, and in
the server's files under base/ after the nightly upkeep; and on the pages, in lists, jobs and
sessions, and after an older backup was put back.
"""

import os
import uuid
from pathlib import Path

import pytest
from test_web_intake import people, person_address, post, register
from test_web_lists import batch_of, upload
from test_web_placing_more import empty_units
from test_web_retention import delete
from web_database import POSTGRES

pytestmark = pytest.mark.files
NAMED = {"family": "Xylofantow", "given-0": "Qwertina", "born-0": "17.09.1961",
         "language": "Marsianisch", **{f"{n}-{i}": "" for n in ("given", "born", "sex")
                                       for i in (1, 2, 3)}}  # fmt: skip
WORDS = ["Xylofantow", "Qwertina", "Ksilofantov", "1961-09-17", "1961-09-18", "18.09.1961",
         "Marsianisch", "Vormundinski", "Sondergrundwort", "Klagegrundwort"]  # fmt: skip


def rows_of_every_table():
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 names from the database
            yield from (f"{table}: {row}" for row in cursor.fetchall())


def bytes_of_every_file(town):
    """SQLite: everything beside the database. PostgreSQL: everything under base/ of this database,
    other tests may have theirs beside it."""
    from django.db import connection

    if not POSTGRES:
        places = [p for p in town.parent.rglob("*") if p.is_file() and p.suffix != ".vorort"]
    else:
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")  # on the disk, not only in the server's memory
            cursor.execute("SELECT current_setting('data_directory'), oid::text FROM pg_database "
                           "WHERE datname = current_database()")  # fmt: skip
            folder, number = cursor.fetchone()
        places = [p for p in (Path(folder) / "base" / number).rglob("*") if p.is_file()]
    return b"".join(p.read_bytes() for p in places)


def bytes_of_table(name):
    """PostgreSQL: the file this table is in now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT current_setting('data_directory'), pg_relation_filepath(%s)", [name])
        return Path(*cursor.fetchone()).read_bytes()


def left(town, words):
    """What still stands where."""
    logical = "\n".join(rows_of_every_table())
    content = bytes_of_every_file(town)
    return sorted({w for w in words if w in logical} | {w for w in words if w.encode() in content})


def life_of(client, clerk, unit):
    """Somebody about whom everything was entered that can be, in every place there is."""
    key = register(client, NAMED)
    person = people(key)[0]
    here = person_address(key)
    post(client, here + "need/", code="quiet", expires="2027-11-23")
    post(client, here + "facts/", born="18.09.1961", sex="f")
    post(client, here + "guardian/", guardian="Vormundinski", since="2026-11-23")
    post(client, here + "name/", given="Qwertina", family="Ksilofantov")
    post(client, here + "legal/", name="asylum_seeker", start="2026-11-23", claim="1")
    post(client, f"/haushalte/{key}/belegung/over_occupy/", units=unit, on="2026-11-23",
         over_until="2026-12-01", reason="Sondergrundwort")  # fmt: skip
    twice = register(client, {**NAMED, "born-0": "1961"}, sure="1")
    answer = post(client, here + "doppelt/", other=people(twice)[0].key)
    assert answer.status_code == 302 and not people(twice)
    client.get(here)
    client.post("/haushalte/suche/", {"name": "Xylofantow"})
    for what in ("apply", "", "drop"):
        text = ("Name;Vorname;geboren;Zimmer\nXylofantow;Qwertina;18.09.1961;GIBTS-NICHT\n"
                "Ksilofantov;Qwertina;18.09.1961;\nMelnyk;Olha;1980;\n")  # fmt: skip
        address = batch_of(upload(clerk, text, name=f"Xylofantow-erfunden-{what}.csv"))
        clerk.get(address)
        clerk.get(address + "fehler.xlsx")
        if what:
            post(clerk, address + "uebernehmen/", what=what)
    return key, person, twice


def failing_outlook(monkeypatch, client, person):
    """A run that fails with a complaint about this very person."""
    from test_web_outlook import work

    from vorort.web.outlook import runs

    def broken(*arguments):
        raise ValueError(f"{person.key} Xylofantow")

    monkeypatch.setattr(runs, "_compute", broken)
    client.post("/ausblick/rechnen/", {"draws": "100"})
    work()


def analyze():
    """What autovacuum does some day: statistics of every table."""
    from django.db import connection

    if POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def test_a_deleted_person_is_found_nowhere_but_in_the_certificate(browse, town, monkeypatch):
    from vorort.web import clock
    from vorort.web.retention import actions, upkeep

    client, clerk, boss = browse("schutz"), browse("belegung"), browse("verwaltung")
    key, person, twice = life_of(client, clerk, empty_units(1)[0])
    failing_outlook(monkeypatch, browse("planung"), person)
    subject, words = person.pk, [*WORDS, person.key, key, twice]
    sent = {"number": person.key, "until": "2026-11-24", "reason": "Klagegrundwort"}
    post(boss, "/loeschen/sperre/", sent)
    from vorort.web.retention.models import LegalHold

    number = LegalHold.objects.get(person=person).pk
    analyze()
    assert left(town, words) == sorted(words), "all of it is somewhere"
    post(client, person_address(key) + "departure/", on="2026-11-23", reason="left")
    LegalHold.objects.filter(pk=number).update(until=clock.today())
    answer = delete(boss, person.key)
    assert [r for r in rows_of_every_table() if any(w in r for w in words)] == []
    assert upkeep.is_due() == bool(POSTGRES)
    actions.nightly(clock.today())
    assert left(town, words) == []
    assert not upkeep.is_due()
    assert str(subject) in boss.get(answer.url).content.decode()
    content = bytes_of_every_file(town)
    assert subject.hex.encode() in content or subject.bytes in content
    _on_no_page(browse, words)


def _on_no_page(browse, words):
    schutz = browse("schutz")
    pages = {
        "schutz": ["/haushalte/", "/heute/", "/aufgaben/", "/listen/", "/haushalte/unvollstaendig/",
                   "/plaetze/nachtblatt/", "/plaetze/woche/", "/fristen/"],
        "revision": ["/protokoll/"], "verwaltung": ["/loeschen/", "/betrieb/", "/verwaltung/"],
        "planung": ["/ausblick/"],
    }  # fmt: skip
    for role, addresses in pages.items():
        client = browse(role)
        for address in addresses:
            text = client.get(address).content.decode()
            assert [w for w in words if w in text] == [], (role, address)
    found = schutz.post("/haushalte/suche/", {"name": "Qwertina"}).content.decode()
    assert "H-" not in found.split("<main")[1].split("</main>")[0].replace("H-0012", "")
    for what in ("households", "residents", "tasks"):
        text = post(schutz, f"/listen/ausgeben/{what}/", purpose="check", als="csv").content
        assert [w for w in words if w.encode() in text] == [], what


@pytest.mark.skipif(not POSTGRES, reason="a file database keeps no statistics of values")
def test_the_planner_keeps_no_values_of_people(browse, town):
    """With the statistics that are usual the name would stand in pg_statistic after deletion."""
    from django.db import connection

    from vorort.web.retention import upkeep

    for _ in range(2):
        register(browse("belegung"), NAMED, sure="1")
    ours = {t._meta.db_table for t in upkeep.personal()}
    assert {"intake_name", "accounts_actvalue", "placing_stayold", "lists_line"} <= ours
    analyze()

    def kept():
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename, attname FROM pg_stats WHERE tablename = ANY(%s) AND "
                           "(most_common_vals::text LIKE %s OR histogram_bounds::text LIKE %s)",
                           [list(ours), "%Xylofantow%", "%Xylofantow%"])  # fmt: skip
            return cursor.fetchall()

    assert kept() == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_name ALTER COLUMN family SET STATISTICS 100")
    analyze()
    assert kept(), "the search finds what is there"


def test_an_older_backup_put_back_holds_nobody_who_was_deleted(browse, town, empty, tmp_path):
    from vorort.web import clock
    from vorort.web.operations import backup
    from vorort.web.retention import actions

    secret = "eine lange Passphrase"  # noqa: S105 of a test
    client, boss = browse("schutz"), browse("verwaltung")
    key = register(client, NAMED)
    person = people(key)[0]
    batch_of(upload(browse("belegung"), "Name;Vorname\nXylofantow;Qwertina\n"))
    words = ["Xylofantow", "Qwertina", "1961-09-17", person.key, key]
    backup.write(tmp_path / "a.vorort", secret)
    delete(boss, person.key)
    listed = actions.list_file().read_bytes()
    for old in tmp_path.glob("register.sqlite3*"):
        old.unlink()
    empty()
    actions.list_file().write_bytes(listed)
    assert backup.restore(tmp_path / "a.vorort", secret)[1] == 1
    assert sorted(w for w in words if w in "\n".join(rows_of_every_table())) == []
    actions.nightly(clock.today())
    if not POSTGRES:  # there the files of the first register are under the same base/
        assert left(Path(os.fspath(town)), words) == []


@pytest.mark.skipif(not POSTGRES, reason="a file database overwrites at once")
@pytest.mark.parametrize("where", ["here, reading", "in another database, writing"])
def test_tables_are_not_rewritten_while_somebody_may_still_see_the_deleted(
    browse, monkeypatch, where
):
    """What an open transaction may still see would be written again, and nobody would come back.

    Also one of another database: whoever looks at a table looks with the eyes of the oldest
    transaction that writes anywhere on the server.
    """
    import psycopg
    from django.db import connection

    from vorort.web import clock
    from vorort.web.intake.models import Name
    from vorort.web.retention import upkeep
    from vorort.web.retention.models import Deletion

    register(browse("belegung"), NAMED)
    is_here = where == "here, reading"
    name = connection.settings_dict["NAME"] if is_here else "postgres"
    with psycopg.connect(f"{POSTGRES}/{name}") as other:
        if is_here:
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            other.execute("SELECT count(*) FROM django_migrations")
        else:
            other.execute("SELECT pg_current_xact_id()")
        Name.objects.filter(family="Xylofantow").delete()
        Deletion.objects.create(subject=uuid.uuid4(), at=clock.now(), cause="request", rows=1)
        with monkeypatch.context() as patch:
            patch.setattr(upkeep, "WAITS", 2)
            assert not upkeep.rewrite() and upkeep.is_due()
            patch.setattr(upkeep, "_others_have_ended", lambda cursor: True)
            assert upkeep.rewrite(), "so much for not waiting"
        assert b"Xylofantow" in bytes_of_table("intake_name")
        Deletion.objects.create(subject=uuid.uuid4(), at=clock.now(), cause="request", rows=1)
    assert upkeep.rewrite() and not upkeep.is_due()
    assert b"Xylofantow" not in bytes_of_table("intake_name")
