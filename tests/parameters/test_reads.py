"""Every declared parameter is read by the core, and every one that is read is declared.

Looks at the words in the code: a name that stands whole in a string, or is put together in an
f-string (then every declared name that fits counts as read).
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from vorort import laender
from vorort.parameters import load

CORE = Path(__file__).parents[2] / "src" / "vorort"
READERS = {"of", "on", "central", "known", "amount", "later"}
FILE_END = re.compile(r"\.(csv|yaml|yml|json|html|md|py|xlsx|txt|css|svg)$")


@cache
def declared() -> frozenset[str]:
    places = [p.parent for p in sorted(CORE.glob("**/parameters.yaml"))]
    return frozenset(load([*places, *laender.folders()]).parameters)


@cache
def words() -> tuple[frozenset[str], frozenset[str]]:
    """Whole strings of the code, and f-strings as patterns."""
    whole: set[str] = set()
    patterns: set[str] = set()
    for path in sorted(CORE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        apart = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
        }  # docstrings
        joined = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
        apart |= {id(part) for node in joined for part in node.values}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in apart
            ):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.add(_pattern(node))
    return frozenset(whole), frozenset(p for p in patterns if re.search(r"[a-z_]{4,}", p))


def _pattern(node: ast.JoinedStr) -> str:
    parts = [
        re.escape(v.value)
        if isinstance(v, ast.Constant) and isinstance(v.value, str)
        else "[a-z0-9_]+"
        for v in node.values
    ]
    joined = "".join(parts)
    fixed = "".join(
        v.value for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, str)
    )
    return joined if "." in fixed else ""


def is_read(name: str) -> bool:
    whole, patterns = words()
    return name in whole or any(re.fullmatch(p, name) for p in patterns)


@pytest.mark.parametrize("head", sorted({n.split(".")[0] for n in declared()}))
def test_every_declared_parameter_is_read(head: str) -> None:
    unread = sorted(n for n in declared() if n.split(".")[0] == head and not is_read(n))
    assert unread == []


def test_every_parameter_that_is_read_is_declared() -> None:
    heads = {n.split(".")[0] for n in declared()}
    whole, _ = words()
    named = {
        w for w in whole if re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]*", w) and w.split(".")[0] in heads
    }
    read = {w for w in named if not FILE_END.search(w)}
    assert len(read) > 30 and sorted(read - declared()) == []


def test_every_f_string_that_reads_finds_a_declared_parameter() -> None:
    lost = []
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_reading = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in READERS
            )
            for argument in node.args if is_reading and isinstance(node, ast.Call) else ():
                pattern = _pattern(argument) if isinstance(argument, ast.JoinedStr) else ""
                if pattern and not any(re.fullmatch(pattern, n) for n in declared()):
                    lost.append((path.name, pattern))
    assert lost == []
