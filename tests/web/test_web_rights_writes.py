"""Every address that writes, every role, a valid body: who may not has written nothing.

The bodies stand in rights/writes.yaml. Each request is taken back before the next one. Lines with
`login` are asked by a real colleague of each role, in the midst of logging in or behind it; lines
with `empty` of a register in which nobody is on record.
"""

import io
import re
import uuid
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import docx
import pytest
import yaml
from test_web_accounts import PASSWORD, enrol, now, real, secret_of
from test_web_intake import MOTHER, people
from test_web_lists import empty_register
from test_web_placement import registered, run, seen
from test_web_placing_more import empty_units, states, stays
from test_web_requests import a_child, free_unit
from test_web_rights import ROLES, _addresses
from web_database import forget

TODAY = date(2026, 11, 23)
TABLE = Path(__file__).parent / "rights" / "writes.yaml"
LINES = yaml.safe_load(TABLE.read_text("utf-8"))
__all__ = ["real"]
ROLE = {"jugendamt": "fall", "kita": "extern"}  # of a login; else it is called as its role
OFFICE = {"jugendamt": "jugendamt", "kita": "kreuz"}  # of a role; else the Sozialamt
QUIET = ("django_session",)  # whoever is logged in may have a session renewed


def post(client, address, **fields):
    answer = client.post(address, {"key": str(uuid.uuid4()), **fields})
    told = re.findall(r"<li>[^<]+", answer.content.decode(errors="replace"))
    assert answer.status_code in (200, 302), (address, answer.status_code, told)
    return answer


def family(client, name):
    fields = {**MOTHER, "family": name, "sure": "1"}
    key = post(client, "/haushalte/neu/", **fields).url.split("/")[2]
    return key, [p.key for p in people(key)]


def prepared(browse):
    """The {names} of the table."""
    from vorort.web.accounts.models import Act, User
    from vorort.web.deadlines import keeping
    from vorort.web.deadlines.models import RulesChange
    from vorort.web.intake.models import Person
    from vorort.web.retention.models import LegalHold
    from vorort.web.tasks.models import Task
    from vorort.web.town import actions
    from vorort.web.town.models import CapacityEvent, Office, Site, Unit

    clerk, boss = browse("belegung"), browse("verwaltung")
    found = {}
    units = [u for u in empty_units(4) if u.startswith(("GU-", "CO-", "WO-"))]
    for name, steps in (("held", 1), ("confirmed", 2), ("housed", 3)):
        key, _ = family(clerk, f"Ril{name}ani")
        post(clerk, f"/haushalte/{key}/vormerken/", units=units.pop(0), expires="2026-11-25",
             until="2027-01-31", **{"from": "2026-11-23"})  # fmt: skip
        if steps > 1:
            post(clerk, f"/haushalte/{key}/bestaetigen/", stay=stays(key, "held"))
        if steps > 2:
            post(clerk, f"/haushalte/{key}/einzug/", stay=stays(key, "confirmed"), on="2026-11-23")
        state = {1: "held", 2: "confirmed", 3: "moved_in"}[steps]
        found |= {name: key, f"{name}_stays": stays(key, state)}
    found["free"] = units.pop(0)
    found["waits"], (found["waiting"], *_, found["waiting_child"]) = family(clerk, "Morvantis")
    found["twins"], (found["twin"], *_) = family(clerk, "Kastan")
    alone = {f"{n}-{i}": "" for n in ("given", "born", "sex") for i in (1, 2, 3)}
    fields = {**MOTHER, **alone, "family": "Castan", "given-0": "Ameera", "sure": "1"}
    other = post(clerk, "/haushalte/neu/", **fields).url.split("/")[2]
    found["other_twin"] = people(other)[0].key
    gone, (number, *_) = family(clerk, "Tolvanidis")
    post(clerk, f"/haushalte/{gone}/personen/{number}/departure/", on="2026-11-23", reason="left")
    found["gone"] = number
    known = set(CapacityEvent.objects.values_list("key", flat=True))
    post(clerk, "/standorte/GU-ZIE/ereignis/", kind="step", target="GU-ZIE", date="2026-12-01",
         places="-2", status="planned", sure="1")  # fmt: skip
    (found["event"],) = set(CapacityEvent.objects.values_list("key", flat=True)) - known
    found["full"] = next(
        u for u, s in states().items() if u.startswith("GU-ZIE") and s.used == s.open > 0
    )
    unit = Unit.objects.get(key="GU-ZIE-001")
    found |= {
        "seen": actions.seen_of(Site.objects.get(key="GU-ZIE")), "unit_seen": actions.seen_of(unit),
        "unit_kind": unit.kind, "unit_places": unit.places,
        "seat": Unit.objects.filter(domain="childcare", facility__owner__key="kreuz")[0].key,
    }  # fmt: skip
    post(boss, "/verwaltung/", username="k.ollege", role="belegung", office="sozialamt")
    found["colleague"] = User.objects.get(username="k.ollege").pk
    act, office = Act.objects.latest("pk"), Office.objects.get(key="sozialamt")
    found["task"] = Task.objects.create(kind="other", office=office, made_by=act).pk
    found |= asked(clerk)
    found["legal_hold"] = LegalHold.objects.create(
        person=Person.objects.get(key=found["waiting_child"]), until=date(2027, 1, 1),
        reason="Klage",
    ).pk  # fmt: skip
    found["change"] = RulesChange.objects.create(
        on=TODAY, compared_with=TODAY, land_before="nw", land_after="nw", rules="[]", people=0
    ).pk
    text = "Name;Vorname;Geb.-Datum\nOstrenkis;Taras;1990\n"
    found["batch"] = post(clerk, "/listen/einlesen/", kind="residents", text=text).url.split("/")[2]
    found |= planned(clerk)
    forget()
    keeping.up_to_date(TODAY)  # not by whoever asks first
    return found


def planned(clerk):
    """A week's plan with a home for somebody who has come, and seats of another office."""
    from vorort.web.proposals import sheet

    row = run()
    home = registered(clerk)
    line = seen().line("A-003")
    assert line.is_open and line.household == home.key
    granted = [g.party for g in seen().plan.seats if g.unit and g.party.startswith("H-")]
    size = next(p for p in sheet.sheet(seen()).parts if p.name == "size")
    return {
        "week": row.pk, "group": f"size:{size.groups[0].name}", "coming": "A-003",
        "proposed": " ".join(u.key for u in line.units),
        "seated": next(p for p in granted if p in seen().shown),
    }  # fmt: skip


def floor():
    """A question about the fairness sheet that waits for the worker."""
    from vorort.web.proposals import floors

    found, size = seen(), "size"
    groups = floors.pooled(found.plan, found.shown).of(size)
    asked = floors.question(found, f"{size}:{groups[0].name}", "900")
    return floors.begin(found, asked).pk


def asked(clerk):
    """A child somebody has asked a seat for, and one for whom nobody has yet."""
    from vorort.web.requests.models import Request

    unit = free_unit(at_least=2)
    person, home, _ = a_child()
    post(clerk, f"/haushalte/{home.key}/anfragen/", person=person.key, unit=unit.key,
         due="2026-11-30", **{"from": "2026-12-01"})  # fmt: skip
    other, other_home, _ = a_child()
    return {
        "request": Request.objects.get(person=person).pk, "asked_unit": unit.key,
        "asks": other_home.key, "asking": other.key,
    }  # fmt: skip


def waiting_runs():
    """Runs that wait for the worker; only where a line asks for one, for there is one at a time."""
    from vorort.web import clock
    from vorort.web.lists.models import Batch
    from vorort.web.lists.models import Run as Reading
    from vorort.web.outlook.models import Run as Outlook
    from vorort.web.proposals.models import Run

    return {
        "plan": lambda: Run.objects.create(at=clock.now()).pk,
        "floor": lambda: floor(),
        "outlook": lambda: Outlook.objects.create(at=clock.now(), draws=100).pk,
        "import_run": lambda: (
            Reading.objects.create(
                at=clock.now(), batch=Batch.objects.latest("pk"), what="check", key=uuid.uuid4()
            ).batch_id
        ),
    }


def template():
    document, content = docx.Document(), io.BytesIO()
    document.add_paragraph("Amt für Testfälle, {{ datum }}")
    document.save(content)
    content.seek(0)
    content.name = "eigene.docx"
    return content


def filled(value, names):
    """A value of the table with what was prepared put in."""
    if value == "{template}":
        return template()
    if value == "{folder}":
        packed = io.BytesIO(names["folder"])
        packed.name = "planfall.zip"
        return packed
    if isinstance(value, str) and (whole := re.fullmatch(r"\{(\w+)\}", value)):
        return names[whole[1]]
    return re.sub(r"\{(\w+)\}", lambda m: str(names[m[1]]), str(value))


@contextmanager
def written():
    """Tables into which a request writes, without what a session needs."""
    from django.db import connection

    found = []

    def look(execute, sql, params, many, context):
        told = re.match(r'(?:INSERT|UPDATE|DELETE|REPLACE|COPY)\W[^"]*"(\w+)"', sql.strip(), re.I)
        if told and told[1] not in QUIET:
            found.append(told[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def outcome(client, line, names, role):
    """How an address answers, into which tables it wrote, and which acts; then taken back."""
    from django.db import transaction

    from vorort.web.accounts.models import Act

    with transaction.atomic():
        own = {**names, "own": OFFICE.get(role, "sozialamt")}
        for name, make in waiting_runs().items():
            if f"{{{name}}}" in line["to"]:
                own[name] = make()
        sent = {k: filled(v, own) for k, v in line["send"].items()}
        last = Act.objects.latest("pk").pk
        with written() as tables:
            answer = client.post(filled(line["to"], own), {"key": str(uuid.uuid4()), **sent})
        kinds = set(Act.objects.filter(pk__gt=last).values_list("kind", flat=True))
        transaction.set_rollback(True)
    return answer, tables, kinds


def is_done(answer, role, line):
    """Not sent to the login, not refused."""
    if line.get("open"):
        return True
    to_login = answer.status_code == 302 and answer.url.startswith("/anmelden/")
    assert to_login == (role == "-")
    return answer.status_code in (200, 302) and not to_login


def wrong_with(line, answer, tables, kinds, role):
    """What contradicts the table, in words."""
    if not is_done(answer, role, line):
        return f"wrote {sorted(set(tables))}" if tables or kinds else ""
    if "act" in line:  # two words are two acts, written together
        return "" if kinds == set(line["act"].split()) else f"acts {sorted(kinds)}"
    if line["writes"] == "nothing":
        return f"wrote {sorted(set(tables))}" if tables else ""
    return "" if line["writes"] in (*tables, *QUIET) else f"wrote {sorted(set(tables))}"


def contradictions(lines, names, client_of, own=lambda role: {}):
    """Lines that answer otherwise than the table says, with what was found."""
    odd = []
    for line in lines:
        found, told = [], []
        for role in ROLES:
            answer, tables, kinds = outcome(client_of(role), line, names | own(role), role)
            found.append(str(answer.status_code))
            if wrong := wrong_with(line, answer, tables, kinds, role):
                told.append(f"{role}: {wrong}")
            if answer.status_code == 409:
                text = answer.content.decode()
                told.append(f"{role}: {re.findall('<li>([^<]+)', text)[:3]}")
        if found != line["answers"].split() or told:
            odd.append((line["to"], " ".join(found), *told))
    return odd


@pytest.mark.reckons
def test_every_address_that_writes_does_so_for_whom_the_table_names_and_nobody_else(browse):
    names = prepared(browse)
    clients = {role: browse("" if role == "-" else role) for role in ROLES}
    lines = [x for x in LINES if not {"open", "login", "empty"} & set(x)]
    odd = contradictions(lines, names, clients.get)
    lines = [x for x in LINES if "open" in x]  # they end or change what a session is
    odd += contradictions(lines, names, lambda role: browse("" if role == "-" else role))
    forget()
    assert odd == [], "\n".join(map(str, odd))


@pytest.mark.parametrize("step", ["begun", "half", "whole"])
def test_each_step_of_a_real_login_is_open_to_whoever_is_there_and_to_nobody_else(real, step):
    """A start code was given; the password was right; everything was."""
    from django.test import override_settings

    # what is kept of a password is not asked here, and takes a tenth of a second each time
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        clients, names = on_the_way_in(real, step)
        lines = [x for x in LINES if x.get("login") == step]
        assert lines
        odd = contradictions(lines, {}, clients.get, names.get)
    assert odd == [], "\n".join(map(str, odd))


def on_the_way_in(real, step):
    """A browser of each role's real colleague, so far, and what they would send."""
    from vorort.web import register

    names, clients = {}, {"-": real()}
    for role in ROLES[1:]:
        start = register.add_user(
            f"echt.{role}", ROLE.get(role, role), OFFICE.get(role, "sozialamt")
        )
        client = clients[role] = real()
        if step == "begun":
            client.post("/anmelden/", {"username": f"echt.{role}", "password": start})
            secret = secret_of(client.get("/anmelden/einrichten/"))
        else:
            secret, _ = enrol(client, f"echt.{role}", start)
        if step == "half":
            client = clients[role] = real()
            client.post("/anmelden/", {"username": f"echt.{role}", "password": PASSWORD})
        names[role] = {"code": now(secret, step == "half"), "password": PASSWORD}
    names["-"] = {"code": "123456", "password": PASSWORD}
    return clients, names


def test_a_folder_goes_into_an_empty_register_for_whom_the_table_names_and_nobody_else(browse):
    from vorort.web.lists import folder

    out = post(browse("schutz"), "/listen/planfall/ausgeben/", purpose="report")
    empty_register()
    assert folder.is_empty()
    clients = {role: browse("" if role == "-" else role) for role in ROLES}
    lines = [x for x in LINES if "empty" in x]
    assert lines
    odd = contradictions(lines, {"folder": out.content}, clients.get)
    forget()
    assert odd == [], "\n".join(map(str, odd))


def test_the_table_has_a_body_for_every_address_that_can_be_posted_to(browse):
    from django.urls import resolve

    client = browse("belegung")
    takes = set()
    for route, pattern in _addresses():
        path = re.sub(r"<int:\w+>", "1", route)
        answer = client.put("/" + re.sub(r"<[^>]*>", "x", path))
        if "POST" in answer.headers.get("Allow", ""):
            takes.add(pattern.name)
    there = {resolve(re.sub(r"\{\w+\}", "1", line["to"])).view_name for line in LINES}
    assert len(takes) > 60 and takes == there


def test_a_right_too_many_is_noticed(browse):
    from vorort.web.accounts.models import Grant, Role

    line = next(x for x in LINES if x["to"] == "/loeschen/fristen/")
    names = {"own": "sozialamt"}
    answer, tables, kinds = outcome(browse("planung"), line, names, "planung")
    assert (answer.status_code, tables, kinds) == (403, [], set())
    Grant.objects.create(role=Role.objects.get(key="planung"), right="retention.manage")
    answer, tables, kinds = outcome(browse("planung"), line, names, "planung")
    assert (answer.status_code, kinds) == (302, {"period"}) and "accounts_act" in tables
    again, _, _ = outcome(browse("planung"), line, names, "planung")
    assert again.status_code == 302, "and it was taken back"
