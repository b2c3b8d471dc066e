"""The search: one field on every page, and the page of what was found. German: Suche

It is posted: what somebody searches for is in no address, and so in no log.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from vorort.web import asked
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs_one
from vorort.web.search import queries
from vorort.web.search.queries import MOST, Found

NO_KEY = "off"  # the cookie `keys` of somebody who wants no keys of the page's own


@require_http_methods(["GET", "POST"])
@needs_one(rights.HOUSEHOLD, rights.BOARD)
def search(request: HttpRequest) -> HttpResponse:
    """What was found; the one page that was meant opens at once."""
    user, wanted = asked.user_of(request), queries.read(request.POST.get("q", ""))
    found = queries.search(user, wanted)
    target = _meant(wanted.text.casefold(), found)
    if target:
        return HttpResponseRedirect(target)
    return render(request, "web/search.html", {
        "sought": wanted.text, "found": found, "most": MOST,
        "lists": [rows[:MOST] for rows in (found.homes, found.sites, found.units)],
    })  # fmt: skip


def _meant(text: str, found: Found) -> str | None:
    """Where a whole number leads, if it is the number of one thing."""
    if found.person:
        return reverse("person", args=found.person)
    targets = [
        *(reverse("household", args=[h.row.key]) for h in found.homes
          if h.row.key.casefold() == text),
        *(reverse("site", args=[s.key]) for s in found.sites if s.key.casefold() == text),
        *(reverse("unit", args=[u.facility.key, u.key]) for u in found.units
          if u.key.casefold() == text),
    ]  # fmt: skip
    return targets[0] if len(targets) == 1 else None


@require_POST
@needs_one(rights.HOUSEHOLD, rights.BOARD)
def key(request: HttpRequest) -> HttpResponse:
    """Whether the key / leads into the field, remembered in this browser."""
    response = HttpResponseRedirect(reverse("search"))
    chosen = NO_KEY if request.POST.get("keys") == NO_KEY else "on"
    response.set_cookie("keys", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response
