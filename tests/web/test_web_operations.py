"""Backup, restore, upgrade, health: whole or nothing, and who was deleted stays deleted."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from test_web_intake import people, post, register
from test_web_retention import delete, gone
from web_database import POSTGRES

SECRET = "eine lange Passphrase"  # noqa: S105 of a test


def everything():
    """All rows of all tables, as the backup sees them."""
    from vorort.web.operations import backup

    return [line for line in backup._lines() if "version" not in line]


def test_a_register_comes_back_row_by_row(browse, empty, tmp_path):
    from vorort.web import scenarios
    from vorort.web.operations import backup

    client = browse("belegung")
    register(client)
    before, scenario = everything(), scenarios.scenario()
    size = backup.write(tmp_path / "a.vorort", SECRET)
    assert size > 10_000 and b"Kastan" not in (tmp_path / "a.vorort").read_bytes()
    empty()
    done = backup.restore(tmp_path / "a.vorort", SECRET, without_list=True)
    assert done.rows > 5000 and done.again == done.codes == 0
    assert everything() == before
    assert scenarios.scenario() == scenario
    assert post(browse("belegung"), "/haushalte/suche/", name="Kastan").status_code == 200
    key = register(browse("belegung"), sure="1")  # numbers go on, also on PostgreSQL
    assert len(people(key)) == 4


def test_who_was_deleted_after_a_backup_is_not_in_it_when_it_comes_back(browse, empty, tmp_path):
    from test_web_intake import housed

    from vorort.web.intake.models import Name, Person
    from vorort.web.operations import backup
    from vorort.web.retention import actions

    client = browse("belegung")
    key, _ = housed(client)
    person = gone(client, key)
    subject, words = person.pk, str(person.names.get())
    backup.write(tmp_path / "a.vorort", SECRET)
    delete(browse("verwaltung"), person.key)
    listed = actions.list_file().read_bytes()
    empty()
    from vorort.problems import Refused

    with pytest.raises(Refused, match="Löschliste"):
        backup.restore(tmp_path / "a.vorort", SECRET)
    actions.list_file().write_bytes(listed)
    assert backup.restore(tmp_path / "a.vorort", SECRET).again == 1
    assert not Person.objects.filter(pk=subject).exists()
    given = words.split()[0]
    assert not Name.objects.filter(given=given, family="Kastan").exists()
    assert len(people(key)) == 3


def test_the_deletion_list_holds_what_the_backup_knew_after_a_restore(browse, empty, tmp_path):
    """The file was lost, the backup knows better: the next restore must find it again."""
    from test_web_intake import housed

    from vorort.web.operations import backup
    from vorort.web.retention import actions

    client = browse("belegung")
    key, _ = housed(client)
    person = gone(client, key)
    subject = person.pk
    delete(browse("verwaltung"), person.key)
    backup.write(tmp_path / "a.vorort", SECRET)
    empty()
    actions.list_file().unlink(missing_ok=True)
    backup.restore(tmp_path / "a.vorort", SECRET, without_list=True)
    assert subject in actions.noted()


def test_a_database_that_came_back_by_another_way_does_not_open(browse):
    """A copy of the file or a dump, put back past `vorort restore`: the list is applied first."""
    from test_web_intake import housed

    from vorort.problems import Refused
    from vorort.web import clock
    from vorort.web.intake.models import Person
    from vorort.web.retention import actions

    client = browse("belegung")
    key, _ = housed(client)
    person = gone(client, key)
    actions.refuse_undeleted()
    actions.note([person.pk], clock.now())
    with pytest.raises(Refused, match="delete-again"):
        actions.refuse_undeleted()
    assert actions.apply_again(sorted(actions.noted())) == 1
    assert not Person.objects.filter(pk=person.pk).exists()
    actions.refuse_undeleted()


def test_second_factors_work_on_a_machine_with_another_key(browse, empty, tmp_path, settings_key):
    """The signing key is not the old one; who logged in with a code still does."""
    import pyotp

    from vorort.web.accounts import factor
    from vorort.web.accounts.models import User
    from vorort.web.operations import backup

    user = User.objects.get(username="belegung")
    secret = factor.new_secret(user)
    factor.new_recovery_codes(user)
    backup.write(tmp_path / "a.vorort", SECRET)
    empty()
    settings_key("another key of another machine " * 2)
    done = backup.restore(tmp_path / "a.vorort", SECRET, without_list=True)
    assert done.codes == factor.CODES, "recovery codes are hashes under the old key: they end"
    user = User.objects.get(username="belegung")
    from django.db import transaction

    with transaction.atomic():
        assert factor.takes(user, pyotp.TOTP(secret).now())


@pytest.fixture
def settings_key(monkeypatch):
    """Changes the signing key for the test."""
    from django.conf import settings

    return lambda key: monkeypatch.setattr(settings, "SECRET_KEY", key)


def test_a_passphrase_beside_what_it_protects_is_refused(town, tmp_path, monkeypatch):
    from vorort.problems import Refused
    from vorort.web.operations import backup

    (tmp_path / "backups").mkdir()
    (tmp_path / "keys").mkdir()
    beside = tmp_path / "backups" / "passphrase"
    apart = tmp_path / "keys" / "passphrase"
    for path in (beside, apart):
        path.write_text(SECRET)
    with pytest.raises(Refused, match="Ordner"):
        backup.keep_apart(beside, tmp_path / "backups" / "a.vorort")
    if POSTGRES:
        backup.keep_apart(apart, tmp_path / "backups" / "a.vorort")
    else:  # the file of the database lies in tmp_path, everything below is its folder
        with pytest.raises(Refused, match="Ordner"):
            backup.keep_apart(apart, tmp_path / "backups" / "a.vorort")


def broken(path, how):
    text = bytearray(path.read_bytes())
    if how == "cut":
        del text[len(text) // 2 :]
    elif how == "one byte":
        text[len(text) // 2] ^= 1
    elif how == "no end":
        del text[-40:]
    elif how == "something else":
        text[:] = b"PK\x03\x04 not ours"
    elif how == "empty":
        text.clear()
    path.write_bytes(bytes(text))


@pytest.mark.parametrize("how", ["cut", "one byte", "no end", "something else", "empty", "key"])
def test_a_file_that_is_not_whole_is_refused_and_nothing_is_written(browse, empty, tmp_path, how):
    from vorort.problems import Refused
    from vorort.web.operations import backup
    from vorort.web.town.models import Kommune, Site

    path = tmp_path / "a.vorort"
    backup.write(path, SECRET)
    broken(path, how)
    empty()
    with pytest.raises(Refused) as refused:
        backup.restore(path, "eine andere Phrase" if how == "key" else SECRET, without_list=True)
    assert refused.value.problems[0].remedy_de
    assert not Kommune.objects.exists() and not Site.objects.exists()


def test_only_into_an_empty_database(browse, tmp_path):
    from vorort.problems import Refused
    from vorort.web.operations import backup

    backup.write(tmp_path / "a.vorort", SECRET)
    with pytest.raises(Refused, match="nicht leer"):
        backup.restore(tmp_path / "a.vorort", SECRET, without_list=True)


def test_a_backup_while_others_write_is_one_state(browse, empty, tmp_path):
    """Either all four of a household are in it or none."""
    from vorort.web.intake.models import Household, Membership
    from vorort.web.operations import backup

    client, stop, made = browse("belegung"), threading.Event(), []

    def write():
        from django.db import connection

        while not stop.is_set():
            made.append(register(client, sure="1"))
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    time.sleep(0.3)
    backup.write(tmp_path / "a.vorort", SECRET)
    stop.set()
    thread.join()
    empty()
    backup.restore(tmp_path / "a.vorort", SECRET, without_list=True)
    there = Household.objects.filter(key__in=made)
    for household in there:
        assert Membership.objects.filter(household=household).count() == 4
    assert made


@pytest.mark.skipif(os.name == "nt" or bool(POSTGRES), reason="a file database is killed")
def test_a_kill_in_the_middle_leaves_no_file_under_the_name(town, tmp_path):
    """The process is killed while it writes; the old backup stays, no new one pretends to be."""
    target = tmp_path / "a.vorort"
    target.write_bytes(b"the old one")
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]);"
        "from vorort.web import register; register.use(sys.argv[2], migrate=False);"
        "from vorort.web.operations import backup, sealed;"
        "old = sealed.SealedWriter.write;"
        "sealed.SealedWriter.write ="
        " lambda s, d: (print('on', flush=True), time.sleep(0.2), old(s, d))[2];"
        "from pathlib import Path; backup.write(Path(sys.argv[3]), 'eine lange Passphrase')"
    )
    source = str(Path(__file__).parents[2] / "src")
    process = subprocess.Popen(
        [sys.executable, "-c", code, source, str(town), str(target)], stdout=subprocess.PIPE
    )
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert target.read_bytes() == b"the old one"


@pytest.mark.parametrize("when", ["after the steps", "between the steps"])
def test_an_upgrade_that_fails_leaves_every_row_as_it_was(browse, empty, tmp_path, when):
    from django.core.management import call_command

    from vorort.problems import Refused
    from vorort.web.operations import upgrade

    register(browse("belegung"))
    call_command("migrate", "outlook", "0001", verbosity=0)
    call_command("migrate", "tasks", "zero", verbosity=0)
    todo, before = upgrade.pending(), everything()
    assert len(todo) > 1

    def fails(*arguments, **options):
        if when == "between the steps":
            call_command("migrate", "outlook", verbosity=0)
        else:
            call_command(*arguments, **options)
        raise RuntimeError("no space")

    path = tmp_path / "davor.vorort"
    with pytest.raises(Refused, match="zurückgenommen"):
        upgrade.upgrade(path, SECRET, migrate=fails)
    assert upgrade.pending() == todo and everything() == before and path.exists()
    path.unlink()
    assert upgrade.upgrade(path, SECRET) == todo and path.exists()
    assert upgrade.pending() == [] == upgrade.upgrade(path, SECRET)
    assert not list(tmp_path.glob("*.before"))
    size = Path(path).stat().st_size
    assert size > 10_000, "the backup before it holds the register"


def test_health_says_what_somebody_has_to_look_at(browse, tmp_path, monkeypatch):
    from vorort.web.operations import health

    found = {c.name.de: c for c in health.checks()}
    assert not found["Sicherung"].is_good and not found["Löschfristen"].is_good
    assert found["Datenbank"].is_good
    monkeypatch.setenv("VORORT_BACKUPS", str(tmp_path))
    assert not {c.name.de: c for c in health.checks()}["Sicherung"].is_good
    (tmp_path / "a.vorort").touch()
    assert {c.name.de: c for c in health.checks()}["Sicherung"].is_good
    assert found["Hintergrunddienst"].is_good
    from datetime import timedelta

    from django_tasks_db.models import DBTaskResult

    browse("planung").post("/ausblick/rechnen/", {"draws": "100"})
    DBTaskResult.objects.update(enqueued_at=DBTaskResult.objects.get().enqueued_at
                                - health.WAITS - timedelta(seconds=1))  # fmt: skip
    assert not {c.name.de: c for c in health.checks()}["Hintergrunddienst"].is_good
    page = browse("verwaltung").get("/betrieb/").content.decode()
    assert "brauchen jemanden" in page


def test_a_passphrase_has_to_be_there(tmp_path):
    from vorort.problems import Refused
    from vorort.web.operations import backup

    for text in (None, "kurz"):
        path = tmp_path / "p.txt"
        if text is not None:
            path.write_text(text)
        with pytest.raises(Refused):
            backup.passphrase(path)
    path.write_text(SECRET + "\n")
    assert backup.passphrase(path) == SECRET
