"""Which value holds: the narrowest scope, then the newest; what came too late for a backtest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vorort.parameters import Catalogue, resolve, rows, story
from vorort.parameters.resolve import RANK
from vorort.problems import Refused
from vorort.vocabulary import Parameter, Scope, Source, Text, Value

TODAY = date(2026, 1, 1)
LAW = Source("a law [S1]", "law", "", "2020-05")


def value(
    since: int,
    amount: float | None = 1.0,
    scope: Scope = "bund",
    where: str = "",
    source: Source = LAW,
) -> Value:
    return Value(TODAY + timedelta(days=since), amount, source, scope=scope, scope_name=where)


def catalogue(
    *values: Value, before: tuple[float, float] | None = None, name: str = "x.share"
) -> Catalogue:
    return Catalogue(
        {name: Parameter(name, Text("Anteil", "share"), Text("", ""), values, before=before)}
    )


def test_the_narrowest_scope_wins_and_then_the_newest_in_force() -> None:
    federal = [value(-900, 1), value(-10, 2), value(5, 3)]
    land = [value(-500, 4, "land", "by"), value(-400, 5, "land", "by"), value(-1, 6, "land", "nw")]
    town = [value(-800, 7, "kommune", "Musterstadt")]
    known = catalogue(*federal, *land)
    assert resolve(known, TODAY).amount("x.share") == 2
    assert resolve(known, TODAY, "by").amount("x.share") == 5
    assert resolve(known, TODAY, "nw").amount("x.share") == 6
    chosen = resolve(known, TODAY, "by", {"x.share": town})["x.share"]
    assert [v.amount for v in chosen.candidates] == [7, 5, 4, 2, 1]
    assert [v.amount for v in chosen.overridden] == [5, 4, 2, 1]
    assert [v.amount for v in chosen.future] == [3]


def test_a_stated_unknown_wins_and_a_parameter_without_value_in_force_is_unknown() -> None:
    known = catalogue(value(-9, 7.0), value(-5, None, "land", "by"))
    assert resolve(known, TODAY, "by").amount("x.share") is None
    assert resolve(known, TODAY, "nw").amount("x.share") == 7.0
    early = resolve(known, TODAY - timedelta(days=10))
    assert early["x.share"].value is None and early.amount("x.share") is None


def test_a_value_for_a_name_nobody_declared_is_refused() -> None:
    with pytest.raises(KeyError, match=r"y\.other"):
        resolve(catalogue(value(-1)), TODAY, None, {"y.other": [value(-1)]})


SCOPES = st.sampled_from(["bund", "by", "nw", "kommune"])
DATED = st.lists(st.tuples(SCOPES, st.integers(-30, 30)), unique=True, max_size=14)


def of(scope: str, since: int, at: int) -> Value:
    kind: Scope = "land" if scope in ("by", "nw") else "kommune" if scope == "kommune" else "bund"
    return value(since, float(at), kind, scope)


@given(DATED, st.integers(-35, 35), st.integers(0, 60))
def test_resolving_on_a_later_day_gives_what_later_promised(
    dated: list[tuple[str, int]], on: int, ahead: int
) -> None:
    values = [of(scope, since, at) for at, (scope, since) in enumerate(dated)]
    own = {"x.share": [v for v in values if v.scope == "kommune"]}
    known = catalogue(*(v for v in values if v.scope != "kommune"))

    def brute(day: date) -> Value | None:  # the rule in its plainest words
        here = [v for v in values if v.valid_from <= day and v.scope_name != "nw"]
        return max(here, key=lambda v: (RANK[v.scope], v.valid_from), default=None)

    day, until = TODAY + timedelta(days=on), TODAY + timedelta(days=on + ahead)
    now = resolve(known, day, "by", own)
    assert now["x.share"].value == brute(day)
    holds, changes = brute(day), []
    for step in range(1, ahead + 1):
        then = brute(day + timedelta(days=step))
        if then != holds:
            changes.append(then)
        holds = then
    assert list(now.later("x.share", until)) == changes
    assert (
        resolve(known, until, "by", own)["x.share"].value == ([now["x.share"].value, *changes][-1])
    )


def test_estimates_are_counted_once_a_name_and_unknown_is_no_estimate() -> None:
    guess = Source("project estimate", "estimate")
    several = {
        n: Parameter(n, Text("", ""), Text("", ""), (v,))
        for n, v in {
            "a.a": value(-1, source=guess),
            "a.b": value(-1),
            "a.c": value(-1, None, source=guess),
        }.items()
    }
    resolved = resolve(Catalogue(several), TODAY)
    assert resolved.estimates(["a.a", "a.a", "a.b", "a.c"]) == (1, 3)
    assert resolved.estimates([]) == (0, 0)


ORIGIN = date(2015, 6, 30)


@pytest.mark.parametrize(
    ("published", "grade", "is_late"),
    [
        ("2015-06", "law", False),
        ("2015-07", "law", True),
        ("2014", "study", False),
        ("2015", "study", True),
        (None, "law", True),
        ("2010-01", "estimate", True),
        ("2015-01", "local", False),
    ],
)
def test_late_is_what_could_not_be_known_in_the_month_of_the_origin(
    published: str | None, grade: str, is_late: bool
) -> None:
    source = Source("x", grade, "", published)  # type: ignore[arg-type]
    known = catalogue(value(-9999, 0.3, source=source), before=(0.1, 0.9))
    early = resolve(known, ORIGIN).for_backtest(ORIGIN, late=False)
    assert early.late == (("x.share",) if is_late else ())
    assert early.resolved.amount("x.share") == pytest.approx(0.5 if is_late else 0.3)
    both = resolve(known, ORIGIN).for_backtest(ORIGIN, late=True)
    assert both.late == early.late and both.resolved.amount("x.share") == 0.3


def test_a_late_value_gives_way_to_an_older_one_that_was_known() -> None:
    later = Source("x", "study", "", "2019")
    earlier = Source("y", "study", "", "2011")
    known = catalogue(
        value(-9000, 0.3, source=earlier), value(-8000, 0.4, source=later), before=(0.1, 0.9)
    )
    done = resolve(known, ORIGIN).for_backtest(ORIGIN, late=False)
    assert done.late == ("x.share",) and done.resolved.amount("x.share") == 0.3


def test_a_late_parameter_without_before_is_reported_and_kept() -> None:
    known = catalogue(value(-9000, 0.3, source=Source("x", "estimate")))
    done = resolve(known, ORIGIN).for_backtest(ORIGIN, late=False)
    assert done.without_before == ("x.share",) and done.resolved.amount("x.share") == 0.3
    assert (
        resolve(catalogue(value(-9000, None)), ORIGIN)
        .for_backtest(ORIGIN, late=False)
        .without_before
        == ()
    )


def test_a_rule_made_after_the_origin_does_not_come_into_force_in_a_backtest() -> None:
    coming = value(-3000, 0.9, source=Source("x", "law", "", "2017-01"))
    foreseen = value(-2000, 0.8, source=Source("y", "law", "", "2015-01"))
    known = catalogue(value(-9000, 0.3, source=foreseen.source), coming, foreseen)
    done = resolve(known, ORIGIN).for_backtest(ORIGIN, late=False)
    assert done.resolved.later("x.share", TODAY) == (foreseen,)


def test_the_listing_shows_what_holds_and_whom_it_overrode() -> None:
    known = catalogue(value(-900, 1), value(-10, 2), value(5, 3), value(-500, 4, "land", "by"))
    resolved = resolve(known, TODAY, "by", {"x.share": [value(-1, None, "kommune", "Musterstadt")]})
    (row,) = rows(resolved)
    assert (row.name, row.value, row.scope.de, row.overridden) == (
        "x.share",
        None,
        "Kommune Musterstadt",
        3,
    )
    told = story(resolved, "x.share")
    assert [(r.value, r.scope.en, r.overridden) for r in told.rows] == [
        (None, "Kommune Musterstadt", 3),
        (4, "Land Bayern", 2),
        (2, "Federal", 1),
        (1, "Federal", 0),
    ]
    assert [(r.value, r.since) for r in told.later] == [(3, TODAY + timedelta(days=5))]
    assert (told.rows[1].source, told.rows[1].grade, told.rows[1].published) == (
        "a law [S1]",
        "law",
        "2020-05",
    )


def test_the_listing_of_a_name_without_a_value_in_force_says_so() -> None:
    (row,) = story(resolve(catalogue(value(5)), TODAY), "x.share").rows
    assert row.value is None and "no value in force" in row.reason


def test_a_misspelt_name_is_answered_with_the_one_meant() -> None:
    with pytest.raises(Refused) as refused:
        story(resolve(catalogue(value(-1)), TODAY), "x.shaer")
    assert "x.share" in refused.value.problems[0].remedy_de
