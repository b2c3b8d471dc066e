"""Who of those who came is whom of those announced."""

from hypothesis import given
from hypothesis import strategies as st

from vorort.placement import Member
from vorort.placement.arrived import matched

people = st.lists(
    st.tuples(st.none() | st.integers(0, 70), st.sampled_from(["f", "m", None])), max_size=6
)


def named(rows, letter):
    return [Member(f"{letter}{n}", age, sex) for n, (age, sex) in enumerate(rows)]


@given(people, people)
def test_everybody_is_one_other_at_most_and_nobody_is_left_who_could_be_one(announced, came):
    found = matched(named(announced, "a"), named(came, "c"))
    assert len(set(found.values())) == len(found) == min(len(announced), len(came))


@given(people.filter(lambda rows: all(age is not None for age, _ in rows)))
def test_who_comes_as_announced_is_who_was_announced_whatever_the_order(rows):
    announced, came = named(rows, "a"), named(list(reversed(rows)), "c")
    what = {m.id: (m.age, m.sex) for m in (*announced, *came)}
    assert all(what[a] == what[c] for a, c in matched(announced, came).items())


def test_the_nearest_in_age_comes_first_then_the_sex_and_an_unknown_age_last():
    announced = named([(33, "f"), (7, "f"), (4, "m")], "a")
    came = named([(None, "f"), (5, "m"), (8, "m"), (8, "f"), (34, "f")], "c")
    assert matched(announced, came) == {"a0": "c4", "a1": "c3", "a2": "c1"}
    assert matched(announced[:1], came[:1]) == {"a0": "c0"}
    assert matched([], came) == {}
    nobody_knows = named([(None, "m")], "a")
    assert matched(nobody_knows, named([(3, "f"), (40, "m")], "c")) == {"a0": "c1"}, (
        "an unknown age is no child's"
    )
