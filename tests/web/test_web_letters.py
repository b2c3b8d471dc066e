"""What placement reads about a household, typed in; decision note and letter from a template."""

import io
import uuid
import zipfile

import docx
import pytest
from web_database import forget


def enter(client, key, what, **sent):
    return client.post(f"/haushalte/{key}/vergabe/{what}/", {"key": str(uuid.uuid4()), **sent})


def test_what_is_typed_about_a_household_is_what_placement_reads(browse):
    from vorort.web.proposals.problems import register

    client = browse("schutz")
    made = enter(client, "H-0858", "requirement", code="lockable", strength="should",
                 until="2027-05-01")  # fmt: skip
    assert made.status_code == 302
    assert enter(client, "H-0858", "wish", district="nord").status_code == 302
    assert enter(client, "H-0858", "exclusion", other="H-0857", until="2027-05-01",
                 note="Streit im Flur").status_code == 302  # fmt: skip
    sent = {"domain": "accommodation", "due": "2026-11-25", "since": "2026-11-02"}
    assert enter(client, "H-0858", "open", **sent).status_code == 302
    forget()
    week = register().week
    party = week.party["H-0858"]
    assert "lockable" in party.should and party.due.day == 25 and party.since.day == 2
    assert any(w.target == "nord" for w in party.wishes)
    assert any({e.household, e.other} == {"H-0857", "H-0858"} for e in week.exclusions)
    text = client.get("/haushalte/H-0858/vergabe/").content.decode()
    assert "Streit im Flur" in text
    others = browse("belegung").get("/haushalte/H-0858/vergabe/").content.decode()
    assert "Streit im Flur" not in others and "nord" in others
    assert enter(client, "H-0858", "open", **sent, out="1").status_code == 302
    assert "H-0858" not in {p.id for p in register().week.parties if p.asks_home}


@pytest.mark.parametrize(("what", "sent"), [
    ("wish", {}), ("wish", {"district": "nord", "near": "H-0002"}), ("wish", {"near": "H-9999"}),
    ("exclusion", {"until": "2027-01-01"}),
    ("exclusion", {"other": "H-0858", "until": "2027-01-01"}),
    ("exclusion", {"other": "H-0002", "until": "2020-01-01"}), ("open", {"domain": "flat"}),
    ("requirement", {"code": "herkunft", "strength": "must", "until": "2027-01-01"}),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_written(browse, what, sent):
    from vorort.web.accounts.models import Act

    before = Act.objects.count()
    assert enter(browse("schutz"), "H-0858", what, **sent).status_code == 409
    assert Act.objects.count() == before


def test_a_row_is_lifted_again_once(browse):
    from vorort.web.intake.models import Wish

    client = browse("belegung")
    enter(client, "H-0858", "wish", district="nord")
    row = Wish.objects.get(household__key="H-0858", what="nord")
    assert enter(client, "H-0858", "wish", end=str(row.pk)).status_code == 302
    assert not Wish.objects.filter(pk=row.pk).exists()
    assert enter(client, "H-0858", "wish", end=str(row.pk)).status_code == 409


WRITTEN = {
    "kind": "letter",
    "grounds": "Schule im Stadtteil\nPasst für alle",
    "hearing": "Am 20.11. gehört, einverstanden",
    "remedy": "Widerspruch binnen eines Monats",
}


def test_a_letter_comes_from_the_offices_template_and_dies_with_the_person(browse):
    from vorort.web.intake.models import Household
    from vorort.web.proposals.models import Letter

    template = docx.Document()
    template.add_paragraph("Amt für Testfälle, {{ datum }}")
    cell = template.add_table(1, 1).rows[0].cells[0]
    cell.paragraphs[0].add_run("{{plat")
    cell.paragraphs[0].add_run("z}}: {{gruende}}")
    template.sections[0].header.paragraphs[0].text = "{{aktenzeichen}}"
    template.add_paragraph("{{anhoerung}} {{rechtsbehelf}}")
    content = io.BytesIO()
    template.save(content)
    content.seek(0)
    content.name = "eigene.docx"
    sent = {"key": str(uuid.uuid4()), "kind": "letter", "content": content}
    assert browse("verwaltung").post("/vergabe/vorlagen/", sent).status_code == 302

    client = browse("belegung")
    page = client.get("/haushalte/H-0002/bescheid/").content.decode()
    assert "Ausstellen" in page
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = client.post("/haushalte/H-0002/bescheid/", {"key": key, **WRITTEN})
        assert answer.status_code == 302
    row = Letter.objects.get()
    file = client.get(f"/haushalte/H-0002/bescheid/{row.pk}.docx")
    made = docx.Document(io.BytesIO(file.content))
    cell = made.tables[0].rows[0].cells[0].text
    assert "Schule im Stadtteil\nPasst für alle" in cell and "{{" not in cell
    assert made.sections[0].header.paragraphs[0].text == "H-0002"
    text = "\n".join(p.text for p in made.paragraphs)
    assert "Amt für Testfälle, 23.11.2026" in text and "Widerspruch binnen" in text
    home = Household.objects.get(key="H-0002")
    row.person.delete()
    assert not Letter.objects.exists() and Household.objects.filter(pk=home.pk).exists()


def test_a_letter_needs_grounds_hearing_remedy_and_a_confirmed_place(browse):
    from vorort.web.proposals.models import Letter

    client = browse("belegung")
    for missing in ("grounds", "hearing", "remedy"):
        sent = {"key": str(uuid.uuid4()), **WRITTEN, missing: ""}
        assert client.post("/haushalte/H-0002/bescheid/", sent).status_code == 409
    assert not Letter.objects.exists()


def _bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 30_000_000)
    return out.getvalue()


def _with(text):
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def _macro():
    out = io.BytesIO(_with("{{name}}"))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


@pytest.mark.parametrize(("content", "said"), [
    (b"not a zip", "keine lesbare DOCX"), (_bomb(), "entpackt zu groß"),
    (_macro(), "Makros"), (_with("ohne"), "kein Platzhalter"),
    (_with("{{nahme}}"), "Gemeint: {{name}}"), (b"x" * 1_000_001, "größer als 1 MB"),
])  # fmt: skip
def test_a_hostile_or_wrong_template_is_refused_in_words(content, said):
    from vorort.problems import Refused
    from vorort.web.proposals import letters

    with pytest.raises(Refused) as refused:
        letters.checked(content)
    assert said in " ".join(p.text("de") for p in refused.value.problems)
