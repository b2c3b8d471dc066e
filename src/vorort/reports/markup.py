"""HTML from functions: whatever is plain text is escaped, whatever is ``Html`` is not.

Names of towns, sites and people who typed a reason are hostile input. Because escaping is the
default and only ``tag`` makes ``Html``, a forgotten escape cannot happen in a section.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Union

VOID = {"br", "meta", "link", "col", "hr"}


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Part = Union[str, Html, None, Iterable["Part"]]  # noqa: UP007 - names itself, needs Union in 3.11


def together(parts: Part) -> Html:
    """Parts one after the other; plain text escaped, ``None`` left out."""
    if parts is None:
        return Html("")
    if isinstance(parts, Html):
        return parts
    if isinstance(parts, str):
        return Html(escape(parts, quote=False))
    return Html("".join(together(part) for part in parts))


def tag(name: str, /, *children: Part, **attributes: str | int | bool | None) -> Html:
    """An element; ``class_`` is class, ``data_n`` is data-n; None and False leave one out."""
    written = "".join(
        f" {key}" if value is True else f' {key}="{escape(str(value))}"'
        for key, value in ((k.rstrip("_").replace("_", "-"), v) for k, v in attributes.items())
        if value is not None and value is not False
    )
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{together(children)}</{name}>")


def cells(name: str, texts: Iterable[Part], **attributes: str | int | bool | None) -> list[Html]:
    """One element per text, all with the same attributes."""
    return [tag(name, text, **attributes) for text in texts]


def scroll(label: str, *children: Part) -> Html:
    """A box that scrolls sideways on a narrow screen, reachable by keyboard, with a name."""
    return tag("div", *children, class_="roll", tabindex=0, role="region", aria_label=label)


def headline(caption: str) -> Html:
    """A caption whose words stay in view while a wide table scrolls."""
    return tag("caption", tag("span", caption, class_="stay"))


def table(
    caption: str, head: Part, body: Part, foot: Part = None, label: str = "", class_: str = ""
) -> Html:
    """A data table in a scroll box; the caption is read aloud and shown above."""
    return scroll(
        label or caption,
        tag(
            "table",
            headline(caption),
            tag("thead", head),
            tag("tbody", body),
            tag("tfoot", foot) if foot else None,
            class_=class_ or None,
        ),
    )
