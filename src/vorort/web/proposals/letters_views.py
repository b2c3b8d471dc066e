"""Decision note and letter of a household, and the offices' templates. German: Bescheid"""

from __future__ import annotations

import hashlib
import uuid
from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from vorort.placement import Party
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, ReadLog, User
from vorort.web.accounts.rights import needs
from vorort.web.accounts.trail import Done
from vorort.web.forms import Field
from vorort.web.intake.models import Household, Name, Person
from vorort.web.middleware import lang_of
from vorort.web.placing.models import Stay
from vorort.web.proposals import letters, tonight, words
from vorort.web.proposals.models import Letter, Template
from vorort.web.proposals.present import present, units_of

PERSON, PERSONS = Text("Person", "person"), Text("Personen", "people")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FIELDS = (
    Field("kind", Text("Art", "Kind"), "choice", True, letters.KINDS),
    Field("grounds", Text("Gründe", "Grounds"), "long", True),
    Field("hearing", Text("Anhörung", "Hearing"), "long", True,
          hint=Text("wann, mit wem, was gesagt wurde", "when, with whom, what was said")),
    Field("remedy", Text("Rechtsbehelf", "Remedy"), "long", True,
          hint=Text("der Text Ihrer Stelle", "the text of your office")),
)  # fmt: skip


def _stays(home: Household) -> list[Stay]:
    """Where the household is or will be, as the owner has confirmed."""
    return list(
        Stay.objects.filter(
            person__membership__household=home, domain="accommodation",
            status__in=("confirmed", "moved_in"), unit__isnull=False,
        ).select_related("unit__facility", "person").order_by("person__number")
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.DECIDE)
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """Write one: grounds and hearing stay what a person typed; issued once, kept as it is."""
    home, user = asked.opened(request, key), asked.user_of(request)
    stays = _stays(home)
    if request.method == "GET":
        return _page(request, home, stays)
    values, problems = forms.read(FIELDS, request.POST)
    if not stays:
        problems = (*problems, Problem(
            "", "Es ist kein Platz bestätigt.", "No place is confirmed.",
            "Erst den Platz bestätigen.", "Confirm the place first.",
        ))  # fmt: skip
    if problems:
        return _page(request, home, stays, problems)
    return asked.answer(
        request, lambda act_key: _issue(user, act_key, home, stays, values),
        reverse("letter", args=[key]), lambda refused: _page(request, home, stays, refused),
    )  # fmt: skip


def _page(
    request: HttpRequest, home: Household, stays: list[Stay], refused: tuple[Problem, ...] = ()
) -> HttpResponse:
    user = asked.user_of(request)
    sent = request.POST if request.method == "POST" else None
    known = {"kind": "letter", "grounds": _grounds(user, home, stays) if not sent else ""}
    return render(request, "web/letter.html", {
        "key": home.key, "stays": stays, "bound": forms.bound(FIELDS, known, sent, refused),
        "act_key": uuid.uuid4(), "refused": asked.told(refused, lang_of(request)),
        "letters": Letter.objects.filter(household=home).defer("content").select_related(
            "act__actor", "person").order_by("-id"), "kinds": dict(letters.KINDS),
    }, status=409 if refused else 200)  # fmt: skip


def _grounds(user: User, home: Household, stays: list[Stay]) -> str:
    """What speaks for the place, to begin with; the colleague writes what counted."""
    here = present()
    party = here.party(home.key)
    if not isinstance(party, Party) or not stays:
        return ""
    units = sorted({s.unit.key for s in stays if s.unit})
    known = units_of(units)
    rows = [known[u] for u in units]
    near = tonight.seats_near(here, party, rows[0].facility)

    return "\n".join(f"- {t.de}" for t in words.of_place(rows, party, near))


def _issue(
    user: User, key: UUID, home: Household, stays: list[Stay], values: dict[str, Any]
) -> Done:
    def do(act: Act) -> None:
        person = stays[0].person
        rows = Template.objects.filter(office=user.office, kind=values["kind"]).order_by("-id")
        template = rows.first()
        blank = b64decode(template.content) if template else letters.own(values["kind"])
        content = letters.filled(blank, _values(user, home, stays, values))
        row = Letter.objects.create(
            person=person, household=home, kind=values["kind"],
            content=b64encode(content).decode(),
            fingerprint=hashlib.sha256(content).hexdigest(), at=act.at, act=act,
        )  # fmt: skip
        told = {"kind": (None, values["kind"]), "fingerprint": (None, row.fingerprint)}
        trail.changed(act, "letter", row.pk, told, subject=person.pk)

    return trail.once(user, key, "letter", do)


def _values(
    user: User, home: Household, stays: list[Stay], values: dict[str, Any]
) -> dict[str, str]:
    first = stays[0]
    units = list(dict.fromkeys(s.unit for s in stays if s.unit))
    name = Name.objects.filter(person=first.person).order_by("id").first()
    people = Person.objects.filter(membership__household=home, left_on__isnull=True).distinct()
    ends = min((s.until for s in stays if s.until), default=None)
    names = " + ".join(u.title or u.key for u in units)
    return {
        "aktenzeichen": home.key, "name": str(name or ""),
        "personen": words.many(people.count(), PERSON, PERSONS).de,
        "stelle": user.office.name, "bearbeitung": user.username,
        "datum": f"{clock.today():%d.%m.%Y}", "platz": f"{units[0].facility.name}, {names}",
        "anschrift": units[0].facility.address, "gruende": values["grounds"],
        "ab": f"{first.from_on:%d.%m.%Y}" if first.from_on else "sofort",
        "bis": f"{ends:%d.%m.%Y}" if ends else "auf Weiteres",
        "anhoerung": values["hearing"], "rechtsbehelf": values["remedy"],
    }  # fmt: skip


@require_GET
@needs(rights.DECIDE)
def letter_file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One as it was issued; the look is written down."""
    home = asked.opened(request, key)
    row = Letter.objects.filter(household=home, pk=number).first()
    if row is None:
        raise Http404
    ReadLog.objects.create(
        actor=request.user, subject=row.person, purpose_code="letter", at=clock.now()
    )
    return _file(b64decode(row.content), f"{home.key}-{row.pk}.docx")


def _file(content: bytes, name: str) -> HttpResponse:
    found = HttpResponse(content, content_type=DOCX)
    found.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


# ---- templates ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs(rights.RULES_EDIT)
def letter_templates(request: HttpRequest) -> HttpResponse:
    """The own office's templates, and the placeholders there are."""
    user = asked.user_of(request)
    if request.method == "GET":
        return _templates(request)
    sent = request.FILES.get("content")
    kind, content = request.POST.get("kind", ""), sent.read() if sent else b""

    def act(key: UUID) -> Done:
        if kind not in dict(letters.KINDS) or not sent:
            raise Refused([asked.nothing_chosen()])
        letters.checked(content)

        def do(entry: Act) -> None:
            row = Template.objects.create(
                office=user.office, kind=kind, name=str(sent.name)[:120],
                content=b64encode(content).decode(),
                act=entry,
            )  # fmt: skip
            trail.changed(entry, "template", row.pk, {"kind": (None, kind)})

        return trail.once(user, key, "letter_template", do)

    return asked.answer(
        request, act, reverse("letter_templates"), lambda refused: _templates(request, refused)
    )


def _templates(request: HttpRequest, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    user = asked.user_of(request)
    rows = Template.objects.filter(office=user.office).defer("content").order_by("-id")
    return render(request, "web/letter_templates.html", {
        "rows": rows, "kinds": dict(letters.KINDS), "act_key": uuid.uuid4(),
        "placeholders": letters.PLACEHOLDERS, "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


@require_GET
@needs(rights.RULES_EDIT)
def letter_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest of the own office, or the one to start with."""
    if kind not in dict(letters.KINDS):
        raise Http404
    user = asked.user_of(request)
    row = Template.objects.filter(office=user.office, kind=kind).order_by("-id").first()
    return _file(b64decode(row.content) if row else letters.own(kind), f"{kind}.docx")
