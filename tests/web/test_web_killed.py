"""A process is killed in the middle of an act: nothing half-written, and the act can be done again.

Real processes, SIGKILL, on both databases. Each stops at a point where part of its rows is written.
"""

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from test_web_intake import people, post, register
from test_web_placing_more import empty_units, stays
from web_database import POSTGRES

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
SOURCE = str(Path(__file__).parents[2] / "src")
BEGIN = """
import sys, time, uuid
sys.path.insert(0, sys.argv[1])
from vorort.web import register
register.use(sys.argv[2], migrate=False)
from vorort.web.accounts.models import User
clerk = User.objects.select_related("office", "role").filter(username=sys.argv[3]).first()
key = uuid.UUID(sys.argv[4])
def stop(*arguments, **named):
    print("on", flush=True)
    time.sleep(120)
"""
IMPORT = """
from vorort.web.lists import actions
from vorort.web.lists.models import Batch
actions._results = stop
actions.apply(clerk, key, Batch.objects.get(pk=int(sys.argv[5])))
"""
CONFIRM = """
from vorort.web.placing import actions
whole = actions._trail
done = []
def second(*arguments):
    done.append(1)
    (stop if len(done) == 3 else whole)(*arguments)
actions._trail = second
actions.confirm(clerk, key, sys.argv[5:])
"""
DELETE = """
from vorort.web.intake.models import Person
from vorort.web.retention import actions
actions.Deletion.objects.create = stop
actions.delete(clerk, key, Person.objects.get(key=sys.argv[5]))
"""
RESTORE = """
from pathlib import Path
from vorort.web.operations import backup
from vorort.web.retention import actions
actions.apply_again = stop
backup.restore(Path(sys.argv[5]), "eine lange Passphrase", without_list=True)
"""


def address():
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    connection.close()
    return f"{POSTGRES}/{name}" if POSTGRES else name


def killed(code, user, key, *arguments):
    """Run it until it says it is in the middle, then kill it."""
    command = [sys.executable, "-c", BEGIN + code, SOURCE, address(), user, str(key)]
    process = subprocess.Popen(
        [*command, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    first = process.stdout.readline()
    assert first == b"on\n", process.stderr.read().decode()[-2000:]
    process.send_signal(signal.SIGKILL)
    process.wait()


def everything():
    from vorort.web.operations import backup

    return [line for line in backup._lines() if "version" not in line]


def but_for_numbers(lines):
    """Running numbers are taken before an import is written; who is killed leaves a gap in them."""
    found, is_counter = [], False
    for line in lines:
        is_counter = line["table"] == "intake.Counter" if "table" in line else is_counter
        if not is_counter:
            found.append(line)
    return found


def done(key):
    from vorort.web.accounts.models import Act

    return Act.objects.filter(key=key).count()


def clerk(name="belegung"):
    from vorort.web.accounts.models import User

    return User.objects.select_related("office", "role").get(username=name)


def test_an_import_killed_in_the_middle_has_written_nothing_and_can_be_taken_again(browse):
    from test_web_lists import a_unit, batch_of, people_named, upload

    from vorort.web.lists import actions
    from vorort.web.lists.models import Batch

    unit = a_unit()
    text = "Name;Vorname;geboren;Zimmer\n" + "".join(
        f"Kastan{n};Amira;1992;{unit}\n" for n in range(4)
    )
    number = int(batch_of(upload(browse("belegung"), text)).split("/")[2])
    before, key = everything(), uuid.uuid4()
    killed(IMPORT, "belegung", key, number)
    assert but_for_numbers(everything()) == but_for_numbers(before) and not done(key)
    actions.apply(clerk(), key, Batch.objects.get(pk=number))
    assert people_named("Kastan0", "Kastan3").count() == 2 and done(key)


def held(client):
    key = register(client)
    post(client, f"/haushalte/{key}/vormerken/", units=empty_units(4)[0], expires="2026-11-25",
         until="2027-01-31", **{"from": "2026-11-23"})  # fmt: skip
    return key


def test_a_confirmation_killed_after_half_the_family_has_confirmed_nobody(browse):
    from vorort.web.placing import actions

    home = held(browse("belegung"))
    names, key = stays(home, "held"), uuid.uuid4()
    assert len(names) == 4
    before = everything()
    killed(CONFIRM, "belegung", key, *names)
    assert everything() == before and not done(key)
    actions.confirm(clerk(), key, names)
    assert len(stays(home, "confirmed")) == 4


def test_a_deletion_killed_in_the_middle_has_deleted_nothing(browse):
    from vorort.web.intake.models import Person
    from vorort.web.retention import actions

    person = people(register(browse("belegung")))[0]
    before, key = everything(), uuid.uuid4()
    killed(DELETE, "verwaltung", key, person.key)
    assert everything() == before and actions.noted() == set()
    actions.delete(clerk("verwaltung"), key, person)
    assert not Person.objects.filter(pk=person.pk).exists()


def test_a_restore_killed_before_deletions_are_repeated_leaves_an_empty_register(
    browse, empty, tmp_path
):
    """It must not open with people in it who were deleted since."""
    from vorort.web.intake.models import Person
    from vorort.web.operations import backup
    from vorort.web.town.models import Kommune

    path = tmp_path / "a.vorort"
    backup.write(path, "eine lange Passphrase")
    empty()
    killed(RESTORE, "belegung", uuid.uuid4(), path)
    assert not Kommune.objects.exists() and not Person.objects.exists()
