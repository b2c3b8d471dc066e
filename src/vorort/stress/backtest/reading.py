"""Read a case folder; all complaints at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from vorort.problems import Refused
from vorort.stress.backtest.case import DRIVERS, KINDS, ROLES, Case, Figure, Quantity, Share
from vorort.stress.backtest.figures import (
    Complaints,
    published_in,
    read_figures,
    read_plans,
    read_text,
    span_of,
)
from vorort.vocabulary import LAENDER, Text

MOST_FIGURES = 150
NEEDED = (
    "name",
    "ags",
    "land",
    "kind",
    "quantity",
    "lead_quantity",
    "unit",
    "origin",
    "months",
    "quantities",
)
OPTIONAL = (
    "driver",
    "share_permille",
    "share_range",
    "share_source",
    "share_published",
    "land_share_permille",
    "land_share_range",
    "land_share_source",
    "land_share_published",
    "plan_source",
    "plan_dated",
    "notes",
)


SCALAR = (str, int, float, date, type(None))
SHAPES: dict[str, Any] = {  # the others are scalars; object: checked where it is read
    "unit": (str, dict),
    "quantities": object,
    "share_range": object,
    "land_share_range": object,
    "notes": (list, type(None)),
}


def read_case(folder: Path | str) -> Case:
    """The case in ``folder``. Raises ``Refused`` with every complaint."""
    path = Path(folder)
    complain = Complaints(path)
    facts = _facts(path, complain)
    quantities = _quantities(facts.get("quantities"), complain)
    origin = _month(facts.get("origin"), "origin", complain)
    known = read_figures(path, "known.csv", quantities, complain)
    observed = read_figures(path, "observed.csv", quantities, complain)
    plans = read_plans(path, quantities, complain)
    own = _own_values(path, complain)
    if len(known) + len(observed) + len(plans) > MOST_FIGURES:
        complain(
            "known.csv",
            f"Mehr als {MOST_FIGURES} Zahlen im Fall.",
            f"More than {MOST_FIGURES} figures.",
            "Ein Fall ist kein Datensatz: nur nötige Zahlen.",
            "A case is no table: keep what is needed.",
        )
    _check(facts, quantities, observed, origin, complain)
    share = _share(facts, "share", complain)
    land_share = _share(facts, "land_share", complain)
    if complain.all:
        raise Refused(complain.all)
    return Case(
        id=path.name,
        folder=path,
        name=facts["name"],
        ags=str(facts["ags"]),
        land=facts["land"],
        kind=facts["kind"],
        quantity=facts["quantity"],
        lead_quantity=facts["lead_quantity"],
        unit=_text(facts["unit"]),
        origin=origin,
        months=int(facts["months"]),
        driver=facts.get("driver"),
        share=share,
        land_share=land_share,
        plan_source=str(facts.get("plan_source") or ""),
        plan_dated=_string(facts.get("plan_dated")),
        notes=tuple(_text(n) for n in facts.get("notes") or ()),
        quantities=quantities,
        known=tuple(known),
        observed=tuple(observed),
        plans=tuple(plans),
        own_values=own,
    )


def _facts(path: Path, complain: Complaints) -> dict[str, Any]:
    text = read_text(path / "case.yaml", complain)
    if text is None:
        return {}
    try:
        facts = yaml.safe_load(text)
    except yaml.YAMLError as error:
        complain(
            "case.yaml",
            f"Kein lesbares YAML: {error}",
            f"Not readable as YAML: {error}",
            "Bitte Einrückung und Anführungszeichen prüfen.",
            "Check indents and quotes.",
        )
        return {}
    if not isinstance(facts, dict):
        complain(
            "case.yaml",
            "Die Datei enthält keine Angaben.",
            "The file holds no keys.",
            "Bitte wie in der Formatbeschreibung füllen.",
            "Fill it as the format page says.",
        )
        return {}
    for key in facts:
        if key not in NEEDED + OPTIONAL:
            complain.near("case.yaml", str(key), NEEDED + OPTIONAL)
    for key in [k for k, value in facts.items() if not isinstance(value, SHAPES.get(k, SCALAR))]:
        complain(
            "case.yaml",
            f"„{key}“ hat die falsche Form: {facts.pop(key)!r:.60}.",
            f"“{key}” has the wrong shape.",
            "Bitte wie in der Formatbeschreibung schreiben.",
            "Write it as the format page says.",
            column=str(key),
        )
    for key in NEEDED:
        if facts.get(key) in (None, ""):
            complain(
                "case.yaml",
                f"„{key}“ fehlt.",
                f"“{key}” is missing.",
                "Bitte ergänzen.",
                "Add it.",
                column=key,
            )
    return facts


def _check(
    facts: dict[str, Any],
    quantities: dict[str, Quantity],
    observed: list[Figure],
    origin: int,
    complain: Complaints,
) -> None:
    choices = {"kind": KINDS, "land": tuple(LAENDER), "driver": DRIVERS}
    for key, allowed in choices.items():
        if facts.get(key) is not None and facts[key] not in allowed:
            complain.near("case.yaml", str(facts[key]), allowed)
    for key in ("quantity", "lead_quantity"):
        if facts.get(key) and facts[key] not in quantities:
            complain.near("case.yaml", str(facts[key]), quantities)
    months = facts.get("months")
    if months is not None and not (isinstance(months, int) and 1 <= months <= 120):
        complain(
            "case.yaml",
            f"„months“ ist {months!r}.",
            f"“months” is {months!r}.",
            "Eine ganze Zahl von 1 bis 120.",
            "A whole number from 1 to 120.",
            column="months",
        )
        months = None
    for figure in observed:
        if origin and (
            figure.span.last <= origin or figure.span.last > origin + int(months or 120)
        ):
            complain(
                "observed.csv",
                f"{figure.date} liegt nicht nach dem Ursprung und im Horizont.",
                f"{figure.date} is not after the origin and within the horizon.",
                "Bis zum Ursprung: known.csv; danach: months vergrößern.",
                "Up to the origin: known.csv; later: raise months.",
                figure.row,
                "date",
            )
    _check_roles(facts, quantities, complain)
    lead = facts.get("lead_quantity")
    if lead in quantities and not any(f.quantity == lead for f in observed):
        complain(
            "observed.csv",
            f"Für „{lead}“ ist nichts beobachtet.",
            f"Nothing observed for “{lead}”.",
            "Ohne Beobachtung lässt sich der Fall nicht prüfen.",
            "Without it the case cannot be scored.",
        )


def _check_roles(
    facts: dict[str, Any], quantities: dict[str, Quantity], complain: Complaints
) -> None:
    """A flow case predicts a flow; stock and capacity a stock; links lead to their kind."""
    wanted = {"flow": "flow", "stock": "stock", "capacity": "stock"}.get(str(facts.get("kind")))
    links = [(str(facts.get("quantity")), wanted)]
    for quantity in quantities.values():
        links += [
            (str(quantity.inflow), "flow"),
            (str(quantity.outflow), "flow"),
            (str(quantity.housed), "stock"),
            (str(quantity.places), "places"),
        ]
    for name, role in links:
        if role and name in quantities and quantities[name].role != role:
            complain(
                "case.yaml",
                f"„{name}“ ist {quantities[name].role}, hier gehört {role} hin.",
                f"“{name}” is {quantities[name].role}, {role} belongs here.",
                "Bitte die Rolle oder den Verweis ändern.",
                "Change the role or the reference.",
            )
    if facts.get("kind") == "capacity" and not any(q.role == "places" for q in quantities.values()):
        complain(
            "case.yaml",
            "Ein Kapazitätsfall braucht eine Größe mit der Rolle places.",
            "A capacity case needs a quantity with the role places.",
            "Bitte ergänzen, oder kind: stock schreiben.",
            "Add it, or write kind: stock.",
        )


def _quantities(written: object, complain: Complaints) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    if not isinstance(written, dict):
        if written is not None:
            complain(
                "case.yaml",
                "„quantities“ ist keine Liste von Größen.",
                "“quantities” is no mapping of quantities.",
                "Je Größe eine Zeile „name: {role: …}“.",
                "One line “name: {role: …}” each.",
            )
        return found
    links = ("inflow", "outflow", "housed", "places")
    for name, facts in written.items():
        if not isinstance(facts, dict) or facts.get("role") not in ROLES:
            role = facts.get("role") if isinstance(facts, dict) else facts
            complain.near("case.yaml", str(role), ROLES)
            continue
        for key in facts:
            if key not in ("role", "name", *links):
                complain.near("case.yaml", str(key), ("role", "name", *links))
        facts = facts | {k: str(facts[k]) for k in links if isinstance(facts.get(k), list | dict)}
        for key in links:
            if facts.get(key) is not None and facts[key] not in written:
                complain.near("case.yaml", str(facts[key]), [str(w) for w in written])
        if facts["role"] in ("free", "over") and not (facts.get("housed") and facts.get("places")):
            complain(
                "case.yaml",
                f"{name}: „housed“ und „places“ fehlen.",
                f"{name}: “housed” and “places” are missing.",
                "Bitte Bestand und Plätze nennen.",
                "Name the stock and the places.",
            )
        found[str(name)] = Quantity(
            str(name),
            facts["role"],
            _text(facts.get("name") or name),
            *(facts.get(k) for k in links),
        )
    return found


def _share(facts: dict[str, Any], key: str, complain: Complaints) -> Share | None:
    permille = facts.get(f"{key}_permille")
    if permille is None:
        return None
    spread = facts.get(f"{key}_range") or [permille, permille]
    source = str(facts.get(f"{key}_source") or "")
    numbers = [permille, *spread] if isinstance(spread, list) else []
    if not all(isinstance(n, int | float) and 0 < n <= 1000 for n in numbers) or len(numbers) != 3:
        complain(
            "case.yaml",
            f"{key}_permille oder {key}_range passt nicht.",
            f"{key}_permille or {key}_range is off.",
            "Promille über 0 bis 1000, Spanne [unten, oben].",
            "Permille above 0 up to 1000, range [low, high].",
        )
        return None
    if not source:
        complain(
            "case.yaml",
            f"{key}_source fehlt.",
            f"{key}_source is missing.",
            "Kein Wert ohne Quelle.",
            "No value without a source.",
            column=f"{key}_source",
        )
    published = _string(facts.get(f"{key}_published"))
    known_in = published_in(published)
    return Share(float(permille), float(spread[0]), float(spread[1]), source, published, known_in)


def _own_values(path: Path, complain: Complaints) -> dict[str, object]:
    if not (path / "values.yaml").exists():
        return {}
    text = read_text(path / "values.yaml", complain)
    try:
        found = yaml.safe_load(text or "") or {}
    except yaml.YAMLError as error:
        complain(
            "values.yaml",
            f"Kein lesbares YAML: {error}",
            f"Not readable as YAML: {error}",
            "Bitte Einrückung prüfen.",
            "Check the indents.",
        )
        return {}
    return dict(found) if isinstance(found, dict) else {}


def _month(written: object, key: str, complain: Complaints) -> int:
    span = span_of(str(written), stock=False) if written is not None else None
    if written is not None and (span is None or span.months != 1):
        complain(
            "case.yaml",
            f"„{key}“ ist {written!r}.",
            f"“{key}” is {written!r}.",
            "Bitte JJJJ-MM schreiben.",
            "Write YYYY-MM.",
            column=key,
        )
    return span.last if span else 0


def _text(written: object) -> Text:
    if isinstance(written, dict):
        return Text(str(written.get("de", "")), str(written.get("en", written.get("de", ""))))
    return Text(str(written), str(written))


def _string(written: object) -> str | None:
    return None if written in (None, "") else str(written)
