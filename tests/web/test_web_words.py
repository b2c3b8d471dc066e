"""Words of the pages: each code means one thing, whichever part brings it."""

from importlib import import_module
from importlib.util import find_spec

from vorort.web.parts import APPS


def test_no_two_parts_say_different_things_by_one_word(town):
    from vorort.web import words

    said = {}
    for app in APPS:
        if find_spec(f"vorort.web.{app}.words"):
            for code, text in import_module(f"vorort.web.{app}.words").WORDS.items():
                said.setdefault(code, set()).add(text)
                assert words.WORDS[code] == text, (app, code)
    assert {code: texts for code, texts in said.items() if len(texts) > 1} == {}
    assert len(said) > 100
