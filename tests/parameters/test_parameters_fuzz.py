"""Whatever stands in a file of parameters, it is either read or complained about."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from parameter_files import folder

from vorort.parameters import load, read_own
from vorort.parameters.schema import PARAMETER_KEYS, VALUE_KEYS
from vorort.parameters.sources import SOURCE_KEYS
from vorort.problems import Refused

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 3000),
    st.floats(),
    st.dates(),
    st.sampled_from(
        ["unknown", "law", "estimate", "project estimate", "triangular", "2020-05", ""]
    ),
)
ANY = st.recursive(LEAVES, lambda x: st.lists(x, max_size=3), max_leaves=4)
SOURCE = st.dictionaries(st.sampled_from([*SOURCE_KEYS, "cit"]), ANY, max_size=5)
VALUE = st.fixed_dictionaries(
    {}, optional={k: ANY for k in VALUE_KEYS} | {"source": SOURCE | ANY, "rang": ANY}
)
WORDS = st.fixed_dictionaries({"de": st.just("x"), "en": st.just("y")}) | ANY
PARAMETER = st.fixed_dictionaries(
    {},
    optional={k: ANY for k in PARAMETER_KEYS}
    | {"values": st.lists(VALUE | ANY, max_size=3), "name": WORDS},
)
FILE = st.fixed_dictionaries(
    {},
    optional={
        "parameters": st.dictionaries(st.sampled_from(["a.b", "c", "d.e"]), PARAMETER | ANY) | ANY,
        "domain": st.dictionaries(st.sampled_from(["name", "unit", "capacity"]), WORDS) | ANY,
        "else": ANY,
    },
)


@settings(max_examples=300)
@given(FILE | ANY, FILE | ANY)
def test_any_tree_is_read_or_refused_with_a_place_and_a_remedy(
    tmp_path_factory: pytest.TempPathFactory, declares: Any, sets: Any
) -> None:
    root = tmp_path_factory.getbasetemp() / "fuzz"
    place = folder(root, "childcare", yaml.safe_dump(declares))
    try:
        catalogue = load([place])
    except Refused as refused:
        assert refused.problems
        assert all(p.file == "childcare/parameters.yaml" and p.remedy_de for p in refused.problems)
        return
    assert all(p.values and p.label.de and p.label.en for p in catalogue.parameters.values())
    own = folder(root, "town", yaml.safe_dump({"values": sets}), "values.yaml") / "values.yaml"
    found, problems = read_own(own, catalogue, "T")
    assert set(found) <= set(catalogue.parameters)
    assert problems or not sets or found
