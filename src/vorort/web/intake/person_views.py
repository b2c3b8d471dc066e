"""Pages of one person. German: Person"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.web import asked, clock, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import ReadLog
from vorort.web.accounts.rights import needs
from vorort.web.intake.models import Household, Membership, Person


def person_of(request: HttpRequest, key: str, number: str) -> tuple[Household, Person]:
    """A member of a household this user may open, else 404."""
    user = asked.user_of(request)
    household = sight.households_for(user).filter(key=key).first()
    row = Membership.objects.filter(
        household=household, person__key=number, person__same_as__isnull=True
    ).select_related("person").first()  # fmt: skip
    if household is None or row is None:
        raise Http404
    if sight.hides(user, household):
        raise Http404
    return household, row.person


@require_GET
@needs(rights.HOUSEHOLD)
def person(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """One person with everything this role may see, and what can be entered."""
    from vorort.web.intake.person import person_page

    household, row = person_of(request, key, number)
    return person_page(request, household, row)


@require_POST
@needs(rights.HOUSEHOLD_EDIT)
def person_act(request: HttpRequest, key: str, number: str, what: str) -> HttpResponse:
    """One of the things that can be entered about a person."""
    from vorort.web.intake.person import FORMS, may_here, person_page

    household, row = person_of(request, key, number)
    form = FORMS.get(what)
    needed = (rights.HOUSEHOLD_EDIT, form.right) if form else ()
    if form is None or not all(may_here(asked.user_of(request), r, household) for r in needed):
        raise Http404
    values, problems = forms.read(form.fields(), request.POST)
    if problems:
        return person_page(request, household, row, what, problems)
    user = asked.user_of(request)
    return asked.answer(
        request, lambda k: form.act(user, k, household, row, values),
        reverse("person", args=[key, number]) if what != "join" else reverse("households"),
        lambda refused: person_page(request, household, row, what, refused),
    )  # fmt: skip


def log_read(request: HttpRequest, person: Person, purpose: str) -> None:
    """A look at restricted facts is written down."""
    ReadLog.objects.create(
        actor=asked.user_of(request), subject=person, purpose_code=purpose, at=clock.now()
    )
