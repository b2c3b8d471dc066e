"""2,000 spoiled uploads (a tenth without ``--full``): never a server error, and nothing of the
register is written before somebody has seen what it would become."""

import io
import os
import random
import time
import uuid
from collections import Counter

import pytest
import spoiled

FULL = os.environ.get("VORORT_FULL") == "1"
MANY = 2_000 if FULL else 200
KINDS = ("residents", "announcements", "units", "seats")


def written():
    """How much the register holds; batches and their rows are no part of it."""
    from vorort.web.accounts.models import Act, ActValue
    from vorort.web.intake.models import Household, Membership, Name, Person
    from vorort.web.lists.models import OwnNumber
    from vorort.web.placing.models import Stay, StayOld
    from vorort.web.tasks.models import Task
    from vorort.web.town.models import Announcement, CapacityEvent, Site, Unit

    tables = (Act, ActValue, Household, Membership, Name, Person, OwnNumber, Stay, StayOld, Task,
              Announcement, CapacityEvent, Site, Unit)  # fmt: skip
    return [t.objects.count() for t in tables]


def one(luck):
    """A kind, and its file as it comes."""
    from vorort.web.lists import sheets

    kind = luck.choice(KINDS)
    header, rows = spoiled.cells(luck, *sheets.template(kind))
    make = luck.choice((spoiled.as_csv, spoiled.as_xlsx, spoiled.as_ods))
    content = make(luck, header, rows)
    if luck.random() < 0.15:
        content = spoiled.bytes_(luck, content)
    fits = {spoiled.as_csv: ".csv", spoiled.as_xlsx: ".xlsx", spoiled.as_ods: ".ods"}[make]
    end = fits if luck.random() < 0.8 else luck.choice(spoiled.ENDS)
    name = luck.choice(spoiled.NAMES) if luck.random() < 0.2 else "liste-erfunden"
    return kind if luck.random() < 0.97 else "\x00?", name + end, content, header, rows


def send(client, luck):
    kind, name, content, header, rows = one(luck)
    if luck.random() < 0.2:
        text = spoiled.as_text(luck, header, rows)
        return client.post("/listen/einlesen/", {"kind": kind, "text": text})
    file = io.BytesIO(content)
    file.name = name
    return client.post("/listen/einlesen/", {"kind": kind, "file": file})


@pytest.mark.reckons
def test_no_spoiled_list_is_a_server_error_or_writes_before_it_was_seen(browse):
    client, said, before = browse("belegung"), Counter(), written()
    for n in range(MANY):
        luck = random.Random(n)
        try:
            answer = send(client, luck)
            said[answer.status_code] += 1
            assert answer.status_code in (302, 409)
            if answer.status_code == 409:
                assert b"<li>" in answer.content
            else:
                _seen(client, luck, answer.url, said)
        except BaseException as error:
            error.add_note(f"spoiled list {n}")
            raise
        now = written()
        assert now == before or said["applied"], n
        if said["applied"]:
            before, said["applied"] = now, 0
            said["in"] += 1
    print(dict(said))
    assert said[302] > MANY / 4 and said[409] > MANY / 20 and said["in"] > MANY / 60


def _seen(client, luck, address, said):
    """The page of what it would become; other columns; the file of faults; sometimes: take it."""
    before = written()
    pages = [address, address + f"?seite={luck.choice(spoiled.WORDS[:12])}&nur=faulty"]
    for page in pages[: luck.choice((1, 1, 2))]:
        assert client.get(page).status_code in (200, 409), page
    if luck.random() < 0.15:
        wanted = ("family", "given", "born", "unit", "places", "own_id", "site")
        columns = {t: luck.choice(("0", "1", "2", "99", "²", "-1", "9" * 5000)) for t in wanted}
        assert client.post(address + "spalten/", columns).status_code == 302
        assert client.get(address).status_code in (200, 409)
    if luck.random() < 0.1:
        row = luck.choice(("2", "²", "9" * 5000, "-1", "99999999999999999999"))
        assert client.post(address + "zeile/", {"row": row, "choice": "new"}).status_code == 302
    if luck.random() < 0.15:
        assert client.get(address + "fehler.xlsx").status_code in (200, 409)
    assert written() == before
    if luck.random() < 0.12:
        sent = {"key": str(uuid.uuid4()), "what": luck.choice(("apply", "apply", "drop", "undo"))}
        answer = client.post(address + "uebernehmen/", sent)
        assert answer.status_code in (302, 409)
        said["applied"] = answer.status_code == 302


@pytest.mark.parametrize(
    "name", ["xl/worksheets/sheet1.xml", "content.xml", "xl/sharedStrings.xml"]
)
def test_a_file_that_unpacks_to_something_huge_is_refused_at_once(browse, name):
    client, before = browse("belegung"), written()
    file = io.BytesIO(spoiled.bomb(name))
    assert len(file.getvalue()) < 3_000_000
    file.name = "liste-erfunden" + (".ods" if name == "content.xml" else ".xlsx")
    begun = time.monotonic()
    answer = client.post("/listen/einlesen/", {"kind": "residents", "file": file})
    assert answer.status_code == 409
    assert time.monotonic() - begun < 5
    assert written() == before
