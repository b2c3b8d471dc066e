"""YAML read strictly: no aliases, no key twice, every fault a complaint."""

from __future__ import annotations

from typing import Any

import yaml

from vorort.files.reading import Complaints
from vorort.vocabulary import Text


class _Strict:
    """Refuses aliases (they can blow up) and keys that occur twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):  # type: ignore[attr-defined]
            raise yaml.MarkedYAMLError(problem="aliases (*) are not allowed")
        return super().compose_node(parent, index)  # type: ignore[misc]

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = [getattr(key, "value", None) for key, _ in node.value]
        for name in names:
            if not isinstance(name, str):
                raise yaml.MarkedYAMLError(
                    problem="a key is not a word", problem_mark=node.start_mark
                )
            if names.count(name) > 1:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {name[:40]} occurs twice", problem_mark=node.start_mark
                )
        return super().construct_mapping(node, deep)  # type: ignore[misc]


class _Words(_Strict, yaml.BaseLoader):
    """Every scalar stays text: `ags: 08111000` is not a number."""


class _Typed(_Strict, yaml.SafeLoader):
    """Numbers and dates as YAML has them."""


def read_yaml(name: str, text: str, complaints: Complaints, typed: bool = False) -> dict[str, Any]:
    """A mapping, or an empty one with a complaint."""
    try:
        found = yaml.load(text, _Typed if typed else _Words)  # noqa: S506 (both are safe loaders)
    except (
        yaml.YAMLError,
        ValueError,
        RecursionError,
        TypeError,
        OverflowError,
        AttributeError,
    ) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or type(error).__name__
        complaints.add(
            name,
            Text(f"Kein lesbares YAML ({why}).", f"Not readable as YAML ({why})."),
            Text("Einrückung und Doppelpunkte prüfen.", "Check indentation and colons."),
            mark.line + 1 if mark else None,
        )
        return {}
    if found is None or found == "":
        return {}
    if not isinstance(found, dict):
        complaints.add(
            name,
            Text("Erwartet werden Zeilen `schlüssel: wert`.", "Expected are lines `key: value`."),
            Text("Die Beschreibung der Datei ansehen.", "See the description of the file."),
        )
        return {}
    return found
