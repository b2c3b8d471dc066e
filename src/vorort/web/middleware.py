"""What every answer and every page has in common."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe

from vorort import __version__
from vorort.web import answer, assets, clock
from vorort.web.accounts import first_look, rights
from vorort.web.helps import HELP
from vorort.web.parts import NAV

LANGUAGES = ("de", "en")
ASSETS = assets.are_there()  # fetched at set-up; a start is early enough to see them

# For a filter: htmx puts the new main part in place, the rest of the page stays. Without script
# the same form loads the same page.
SWAP = mark_safe(
    'hx-boost="true" hx-target="#main" hx-select="#main" hx-swap="outerHTML show:none"'
)


def never_stored(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Pages hold facts about people: no browser or proxy keeps them."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def on_one_day(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """All of an answer goes by one day; a page that is only read asks the same thing once."""

    def answered(request: HttpRequest) -> HttpResponse:
        is_read = request.method in ("GET", "HEAD")
        with clock.one_answer(), answer.reading() if is_read else nullcontext():
            return get_response(request)

    return answered


def lang_of(request: HttpRequest) -> str:
    """de, or en where chosen."""
    chosen = request.COOKIES.get("lang", "de")
    return chosen if chosen in LANGUAGES else "de"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Language, navigation and footer of a page."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    here = request.resolver_match.url_name if request.resolver_match else ""
    nav = [n[1:] for n in NAV if known and rights.may(user, n[0])]
    is_start = bool(nav) and here == nav[0][0]
    return {
        "lang": lang_of(request),
        "rights": rights.of(user) if known else {},
        "nav": nav,
        "looks": first_look.looks_for(user) if is_start else (),
        "kommune": clock.kommune(),
        "may_search": known and any(rights.may(user, r) for r in (rights.HOUSEHOLD, rights.BOARD)),
        "keys": request.COOKIES.get("keys") != "off",
        "path": request.get_full_path(),
        "here": here,
        "help": HELP.get(here, ()) if known else (),
        "assets": ASSETS,
        "swap": SWAP,
        "now": timezone.localtime(clock.now()),
        "version": __version__,
    }
