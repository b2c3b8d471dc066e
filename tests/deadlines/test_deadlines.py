"""Worked cases, reckoned by hand from the rules; unknown beginnings stay unknown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vorort.deadlines import Subject, deadlines, read_rules
from vorort.deadlines.clocks import add_months
from vorort.vocabulary import LegalBasis, PartialDate

TODAY = date(2026, 11, 23)
RULES = read_rules()


def of(subject, land="he", today=TODAY):
    return {d.rule: (d.day, d.state) for d in deadlines(subject, RULES, land, today)}


def person(born, arrived=date(2026, 11, 20), group="asylum", **more):
    return Subject("P", born, arrived, group, **more)


def test_a_child_of_two_has_a_right_to_childcare_from_its_arrival():
    child = person(PartialDate(2024, 5, 10))
    assert of(child)["kita"] == (date(2026, 11, 20), "overdue")
    assert of(person(PartialDate(2024, 5, 10), has=frozenset({"childcare"})))["kita"][1] == "met"
    baby = person(PartialDate(2026, 3, 1))
    assert of(baby)["kita"] == (date(2027, 3, 1), "later")
    assert of(person(PartialDate(2024)))["kita"] == (None, "unknown")
    assert "kita" not in of(person(PartialDate(2019, 1, 1)))


@pytest.mark.parametrize(
    ("land", "day"),
    [("he", date(2026, 11, 20)), ("by", date(2027, 2, 20)), ("bw", date(2027, 5, 20)),
     ("sn", None)],
)  # fmt: skip
def test_school_duty_begins_as_the_land_says(land, day):
    assert of(person(PartialDate(2016, 2, 1)), land)["school"][0] == day


def test_a_child_of_five_is_due_at_six():
    assert of(person(PartialDate(2021, 3, 5)))["school"][0] == date(2027, 3, 5)
    assert "school" not in of(person(PartialDate(1999, 1, 1)))


def test_screening_is_known_for_bavaria_and_unknown_elsewhere():
    adult = person(PartialDate(1990, 1, 1))
    assert of(adult, "by")["screening"] == (date(2026, 11, 23), "soon")
    assert of(adult)["screening"] == (None, "unknown")
    assert "screening" not in of(person(PartialDate(1990, 1, 1), date(2026, 1, 1)), "by")


def test_work_residence_benefits_permit_and_eighteen():
    asking = (LegalBasis("asylum_seeker", date(2026, 11, 20), date(2027, 5, 20)),)
    found = of(person(PartialDate(1990, 1, 1), legal=asking))
    assert found["work"] == (date(2027, 2, 20), "later")
    assert found["benefits"] == (date(2029, 11, 20), "later")
    assert found["permit"] == (date(2027, 5, 20), "later")
    known = person(PartialDate(1990, 1, 1), recognised_on=date(2024, 2, 29))
    assert of(known)["residence"] == (date(2027, 2, 28), "later")
    assert "benefits" not in of(known)
    alone = person(PartialDate(2008, 12, 1), is_alone=True)
    assert of(alone)["eighteen"] == (date(2026, 12, 1), "soon")
    assert of(person(PartialDate(2009), is_alone=True))["eighteen"] == (None, "unknown")
    renewed = (*asking, LegalBasis("residence_permit", date(2027, 5, 20)))
    assert of(person(PartialDate(1990, 1, 1), legal=renewed))["permit"][1] == "met"


def test_residence_runs_from_the_permit_where_there_is_no_decision():
    def permit(start):
        return (LegalBasis("temporary_protection", start, None),)

    adult, day = PartialDate(1990, 1, 1), date(2025, 1, 15)
    found = of(person(adult, group="temporary", legal=permit(day)))
    assert found["residence"] == (date(2028, 1, 15), "later")
    assert of(person(adult, legal=permit(None)))["residence"] == (None, "unknown")
    both = person(adult, legal=permit(day), recognised_on=date(2024, 3, 1))
    assert of(both)["residence"][0] == date(2027, 3, 1), "the decision counts before the permit"


def test_who_is_recognised_is_entitled_to_a_course_and_nobody_on_application():
    adult = person(PartialDate(1990, 1, 1), recognised_on=date(2026, 12, 1))
    assert of(adult)["course"] == (date(2026, 12, 1), "soon")
    assert "course" not in of(person(PartialDate(1990, 1, 1)))
    assert "course" not in of(person(PartialDate(2015, 1, 1), recognised_on=date(2026, 1, 1)))
    assert "course" not in of(person(PartialDate(1990, 1, 1), recognised_on=date(2025, 1, 1)))
    taken = person(PartialDate(1990, 1, 1), recognised_on=date(2026, 1, 1),
                   has=frozenset({"language"}))  # fmt: skip
    assert of(taken)["course"][1] == "met"


def test_every_rule_names_its_source_and_a_recalled_one_says_so():
    for rule in RULES.values():
        for term in rule.terms:
            assert term.source.cite and term.source.grade in ("law", "estimate")
            if term.source.cite == "project estimate" or "recalled" in term.source.cite:
                assert term.source.grade == "estimate" or "S54" in term.source.cite


def test_an_unknown_beginning_is_listed_last_and_never_guessed():
    found = deadlines(person(PartialDate(2016, 2, 1), None), RULES, "he", TODAY)
    assert [d.rule for d in found if d.day is None] == ["benefits", "school", "screening"]
    assert [d.day is None for d in found] == sorted(d.day is None for d in found)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 600))
def test_months_are_added_as_a_calendar_does(day, months):
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found.month == 2 or found.day == 30))


def test_every_rule_has_a_source_and_two_names():
    for rule in RULES.values():
        assert rule.name.de and rule.name.en and rule.terms
        assert all(t.source.cite for t in rule.terms)
