"""One SVG for light, dark and paper.

Altair draws with sentinel colours, one for each role. Here they become classes, which the style
sheet fills per theme; the attribute keeps the paper colour, so that a picture cut out of the page
still shows. Vega's inner roles go (a picture is one thing to a screen reader), a title and a
description that carry the message come in.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from vorort.reports.markup import Html

_SVG = "http://www.w3.org/2000/svg"

# role: sentinel (never shown), paper colour
INKS = {
    "text": ("#010101", "#14172a"),
    "quiet": ("#010102", "#4d5273"),
    "grid": ("#010103", "#dfe2ec"),
    "axis": ("#010104", "#6e7597"),
    "wide": ("#010105", "#d9e0f3"),
    "half": ("#010106", "#a9b9e4"),
    "middle": ("#010107", "#1f3a93"),
    "capacity": ("#010108", "#844b00"),
    "existing": ("#010109", "#00634b"),
    "central": ("#01010a", "#14172a"),
    "paper": ("#01010b", "#ffffff"),
}
_ROLE = {sentinel: role for role, (sentinel, _) in INKS.items()}
_DROPPED = {
    "role",
    "aria-label",
    "aria-roledescription",
    "aria-hidden",
    "pointer-events",
    "class",
    "font-family",
    "xmlns:xlink",
    "version",
    "opacity",
}


def ink(role: str) -> str:
    """The sentinel colour to draw a role with."""
    return INKS[role][0]


def themed(svg: str, name: str, title: str, description: str) -> Html:
    """The picture with classes instead of colours, a title, a description and its own ids.

    ``svg`` is what vl-convert made of our own specification (no foreign file is parsed here);
    ``name`` must be unique on the page.
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing, not a foreign file
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_empty(child):
                parent.remove(child)
    for element in root.iter():
        _recolour(element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-t {name}-d")
    root.set("class", "chart")
    for position, (kind, words) in enumerate((("title", title), ("desc", description))):
        child = ET.Element(f"{{{_SVG}}}{kind}", {"id": f"{name}-{kind[0]}"})
        child.text = words
        root.insert(position, child)
    return Html(ET.tostring(root, encoding="unicode"))


def _is_empty(element: ET.Element) -> bool:
    """Vega's invisible helpers: no size, no display, or the white sheet behind it all."""
    white = element.tag == f"{{{_SVG}}}rect" and element.get("fill") == "white"
    return white or element.get("display") == "none" or element.get("d") in ("", "M0,0h0v0h0Z")


def _recolour(element: ET.Element) -> None:
    roles = []
    for kind in ("fill", "stroke"):
        role = _ROLE.get((element.get(kind) or "").lower())
        if role:
            element.set(kind, INKS[role][1])
            roles.append(f"{kind[0]}-{role}")
    for name in _DROPPED & set(element.attrib):
        del element.attrib[name]
    if roles:
        element.set("class", " ".join(roles))
