"""What a form or an address asks for, read strictly; what cannot be read is a complaint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from vorort.problems import Problem, Refused
from vorort.web import sight
from vorort.web.accounts.trail import Done
from vorort.web.answer import reading
from vorort.web.intake.models import Household


def user_of(request: HttpRequest) -> Any:
    """Who asks."""
    return request.user


def opened(request: HttpRequest, key: str) -> Household:
    """A household this user may open and see the place of, else 404."""
    found = sight.opened(user_of(request), key)
    if found is None:
        raise Http404
    return found


def whole(text: str) -> int | None:
    """A whole number of at most nine digits; None: it is none. Python reads more as a number."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def day(text: str, otherwise: date) -> tuple[date, bool]:
    """A day from an address or form (JJJJ-MM-TT), and whether it could not be read."""
    if not text:
        return otherwise, False
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise, True
    return (found, False) if 1900 <= found.year <= 2100 else (otherwise, True)


def needed_day(request: HttpRequest, name: str) -> date:
    """A day that must be given; raises `Refused`."""
    found, wrong = day(request.POST.get(name, ""), date.min)
    if wrong or found == date.min:
        raise Refused([
            Problem(
                "", "Das Datum fehlt oder ist nicht lesbar.", "The date is missing or unreadable.",
                "Als JJJJ-MM-TT angeben.", "Give it as YYYY-MM-DD.", column=name,
            )
        ])  # fmt: skip
    return found


def optional_day(request: HttpRequest, name: str) -> date | None:
    """A day or nothing; raises `Refused` where it cannot be read."""
    return needed_day(request, name) if request.POST.get(name, "").strip() else None


def answer(
    request: HttpRequest,
    act: Callable[[UUID], Done],
    target: str | Callable[[Done], str],
    again: Callable[[tuple[Problem, ...]], HttpResponse],
) -> HttpResponse:
    """Do what the form asks and go to ``target``; where refused, ``again`` shows every reason.

    The form carries `key`, a UUID made with the page: sent twice it is done once.
    """
    try:
        try:
            key = UUID(request.POST.get("key", ""))
        except ValueError:
            raise Refused([nothing_chosen()]) from None
        done = act(key)
    except Refused as refused:
        with reading():  # nothing was written: the page is read as if it had been asked for
            return again(refused.problems)
    return HttpResponseRedirect(target if isinstance(target, str) else target(done))


def told(problems: Iterable[Problem], lang: str) -> list[str]:
    """Complaints as a page says them: a form names its field in the sentence itself."""
    return [
        p.text(lang)
        if p.file or p.row is not None
        else " ".join(
            (p.reason_de, p.remedy_de) if lang == "de" else (p.reason_en, p.remedy_en)
        ).strip()
        for p in problems
    ]


def nothing_chosen() -> Problem:
    """The form came without what it is about."""
    return Problem(
        "", "Es ist nichts ausgewählt.", "Nothing was chosen.",
        "Auswählen und erneut absenden.", "Choose, then send again.",
    )  # fmt: skip
