"""How a role was called when somebody acted in it. German: Rollenname

The trail keeps the key of a role, which stays; its name may be changed since. Each renaming stands
in the trail with the name before: so the name of that time is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from vorort.vocabulary import Text
from vorort.web import answer

if TYPE_CHECKING:
    from vorort.web.accounts.models import Act

Names = dict[str, list[tuple[int, dict[str, str]]]]  # key -> name until an act; the last for ever
EVER = 2**62


def called(act: Act) -> Text:
    """The name of the role at the time of the act; what is no role is said by its word."""
    from vorort.web.words import WORDS

    for until, name in answer.once("names of roles", _names).get(act.role, ()):
        if act.pk <= until:
            return Text(name["name_de"], name["name_en"])
    return Text(*WORDS.get(act.role, (act.role, act.role)))


def said_of(roles: Iterable[str], lang: str) -> list[tuple[Q, str]]:
    """For which acts `called` says what, the earliest of each role first."""
    from vorort.web.words import WORDS

    named = answer.once("names of roles", _names)
    found = []
    for role in roles:
        for until, name in named.get(role, ()):
            found.append((Q(role=role, pk__lte=until), name[f"name_{lang}"]))
        if role not in named:
            found.append((Q(role=role), WORDS.get(role, (role, role))[lang == "en"]))
    return found


def _names() -> Names:
    from vorort.web.accounts.models import Act, ActValue, Role

    # of each role, before which act it was called otherwise
    before: defaultdict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    # two questions: joined, a database goes through all acts for the few that are about roles
    rows = list(ActValue.objects.filter(table="role").values_list("row", "act", "field", "old"))
    acts = Act.objects.filter(pk__in={act for _, act, _, _ in rows}, kind="role_rename")
    renamed = set(acts.values_list("pk", flat=True))
    for row, act, field, old in rows:
        if act in renamed:
            before[row].setdefault(act, {})[field] = old or ""
    found: Names = {}
    for role in Role.objects.all():
        name = {"name_de": role.name_de, "name_en": role.name_en}
        steps = [(EVER, name)]
        for act, changed in sorted(before[str(role.pk)].items(), reverse=True):
            name = {**name, **changed}  # only what was changed stands there
            steps.append((act, name))
        found[role.key] = steps[::-1]
    return found
