"""What every answer and every page has in common."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from vorort.web.accounts import rights
from vorort.web.parts import NAV
from vorort.web.town.models import Kommune

LANGUAGES = ("de", "en")


def never_stored(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Pages hold facts about people: no browser or proxy keeps them."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def lang_of(request: HttpRequest) -> str:
    """de, or en where chosen."""
    chosen = request.COOKIES.get("lang", "de")
    return chosen if chosen in LANGUAGES else "de"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Language, navigation and footer of a page."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "lang": lang_of(request),
        "rights": rights.of(user) if known else {},
        "nav": [n[1:] for n in NAV if known and rights.may(user, n[0])],
        "kommune": Kommune.objects.only("name", "is_demo").first(),
        "path": request.get_full_path(),
        "here": request.resolver_match.url_name if request.resolver_match else "",
    }
