"""What a run rests on, as JSON: parameters, arrivals, key, ledger, gaps, limits, sensitivity."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from vorort.arrivals.keys import share_of
from vorort.arrivals.newcomers import persons_told
from vorort.arrivals.table import household_table
from vorort.columns import GROUPS, Floats
from vorort.ledger import BEDS, differences, incomplete, occupancy, stale
from vorort.reports.months import both
from vorort.reports.quantiles import drawn, quantiles
from vorort.stress.run import Run
from vorort.stress.sensitivity import shares
from vorort.vocabulary import Text, Value

GROUP_LABELS = {
    "asylum": Text("Asyl", "Asylum"),
    "temporary": Text("§ 24 AufenthG", "Temporary protection"),
    "reunification": Text("Familiennachzug", "Family reunification"),
    "resettlement": Text("Aufnahmeprogramme", "Admission programmes"),
    "other": Text("übrige Zuwanderung", "Other migration"),
}
MEMBERS = Text("Haushalte mit nicht erfassten Mitgliedern", "Households with members not recorded")
GUESSED = {
    "age": Text("Alter", "ages"),
    "sex": Text("Geschlecht", "sexes"),
    "members": Text("Mitglieder", "members"),
    "size": Text("Haushaltsgröße", "household sizes"),
}


def parameter(run: Run, name: str) -> dict[str, Any]:
    """A parameter with the value in force, its range and its source."""
    choice = run.resolved[name]
    label, unit = choice.parameter.label, choice.parameter.unit
    return {"name": name, "label": both(label), "unit": both(unit)} | _value(choice.value)


def _value(value: Value | None) -> dict[str, Any]:
    if value is None:
        return {"value": None, "low": None, "high": None, "source": None}
    source = value.source
    return {
        "value": value.amount,
        "low": value.low,
        "high": value.high,
        "distribution": value.distribution,
        "scope": value.scope,
        "scope_name": value.scope_name,
        "reason": value.reason,
        "valid_from": value.valid_from.isoformat(),
        "source": {
            "cite": source.cite,
            "url": source.url,
            "published": source.published,
            "grade": source.grade,
            "unverified": source.unverified,
        },
    }


def arrivals(run: Run) -> dict[str, Any]:
    """Persons expected a month: announced, and the projection besides."""
    told: Counter[str] = Counter()
    taken = {h.announced_id for h in run.scenario.ledger.households}
    for notice in run.scenario.announced:
        if notice.id not in taken:  # who is overdue comes on day 0, as in the run
            day = max(notice.expected_on, run.calendar.start)
            told[f"{day:%Y-%m}"] += persons_told(notice, household_table())
    projected: Floats = drawn(run.expected)
    return {
        "known": run.arrivals_known,
        "months": [
            {
                "month": month,
                "announced": told[month],
                "quantiles": quantiles(projected[:, m].sum(axis=1)),
            }
            for m, month in enumerate(run.calendar.months)
        ],
        "by_group": {
            group: {
                "label": both(GROUP_LABELS[group]),
                "quantiles": quantiles(projected[:, :, g].sum(axis=1)),
            }
            for g, group in enumerate(GROUPS)
        },
    }


def key_used(run: Run) -> dict[str, Any]:
    """Share of the Land's arrivals: the one used, and what the formula gives beside a notice."""
    key = run.scenario.municipality.key
    share = share_of(key)
    return {
        "kind": key.kind,
        "share": share.holds,
        "official": share.official,
        "recomputed": share.recomputed,
        "difference": share.difference,
        "credit": key.credit,
        "backlog": key.backlog,
        "lag_days": key.lag_days,
        "source": {"cite": key.source.cite, "grade": key.source.grade},
    }


def ledger_today(run: Run) -> dict[str, Any]:
    """Beds on day 0 as the ledger counts them; empty where there are none."""
    beds = occupancy(run.scenario.ledger, run.calendar.start).by_domain.get(BEDS)
    if beds is None:
        return {}
    names = ("nominal", "unfit", "over", "assigned", "kept", "free", "usable")
    return {"blocked": beds.blocked_places} | {name: getattr(beds, name) for name in names}


def not_known(run: Run) -> list[dict[str, Any]]:
    """What nobody knows yet, counted; and what was guessed for the outlook only."""
    ledger, town = run.scenario.ledger, run.scenario.municipality
    gaps = Counter(MEMBERS if g.what == "size_stated" else g.text for g in incomplete(ledger))
    rows = sorted(gaps.items(), key=lambda row: row[0].de)
    cycle = town.reported_cycle_days
    old = len(stale(ledger, town.today, cycle)) if cycle else 0
    rows += [
        (Text("Meldungen älter als ihr Turnus", "Reports older than their cycle"), old),
        (
            Text("Zwei Stellen mit verschiedenen Platzzahlen", "Two offices with other figures"),
            len(differences(ledger)),
        ),
        (
            Text("Guthaben der Zuweisung unbekannt", "Allocation credit unknown"),
            int(town.key.credit is None),
        ),
        (
            Text("Rückstand der Zuweisung unbekannt", "Allocation backlog unknown"),
            int(town.key.backlog is None),
        ),
    ]
    for name, what in GUESSED.items():
        said = Text(
            f"Für den Ausblick geschätzt, nicht im Register: {what.de}",
            f"Guessed for the outlook, not in the ledger: {what.en}",
        )
        rows.append((said, run.stock.guessed.get(name, 0)))
    return [{"what": both(what), "count": count} for what, count in rows if count]


def notes(run: Run) -> list[dict[str, str]]:
    """What the run does not contain, in words."""
    found = [
        Text(
            "Nicht enthalten: Rückwirkungen wie Wegzug wegen langen Wartens. Ein Handlungsfeld "
            "kennt nur die vor ihm.",
            "Not contained: feedback such as leaving because of a long wait. A domain knows only "
            "those before it.",
        ),
        Text(
            "Unterkünfte zählen als Betten mit Haushalten am Stück; welche Einheit passt, "
            "entscheidet die Vergabe. Gegen echte Zimmer gerechnet fehlen in der Spitze im Mittel "
            "4 % der Betten mehr, als hier steht, wo Zimmer nicht zu den Haushalten passen 15 %.",
            "Accommodation counts beds with households kept together; which unit fits is decided "
            "in placement. Against real rooms the peak shortage is larger than shown here by 4 % "
            "of the beds on average, by 15 % where rooms do not fit the households.",
        ),
    ]
    if not run.arrivals_known:
        said = Text(
            "Der Anteil der Kommune oder des Landes ist unbekannt: gerechnet sind nur "
            "angekündigte Zugänge.",
            "The share of the Kommune or the Land is unknown: only announced arrivals are counted.",
        )
        found.insert(0, said)
    if run.scenario.municipality.population is None:
        said = Text(
            "Die Einwohnerzahl ist unbekannt: übrige Zuwanderung ist nicht gerechnet.",
            "The population is unknown: other migration is not counted.",
        )
        found.insert(0, said)
    for d in run.domains:
        if d.has_capacity and run.supply["decided"][d.name].usable is None:
            said = Text(
                f"{d.label.de}: keine Plätze oder kein Bedarf der übrigen Bevölkerung "
                "hinterlegt, nicht gerechnet.",
                f"{d.label.en}: no places or no resident demand on file, not computed.",
            )
            found.append(said)
    return [both(n) for n in found]


def sensitivity(run: Run) -> list[dict[str, Any]]:
    """Shares of the variance of the peak accommodation shortage, largest first."""
    beds = run.series["decided"].get(BEDS)
    if beds is None or beds.overloaded is None or run.draws < 2:
        return []
    peak = drawn(beds.months.waiting).max(axis=1).astype(np.float64)
    numbers, labels = _assumptions(run)
    numbers["flow.national"] = drawn(run.expected).sum(axis=(1, 2))
    labels["flow.national"] = Text(
        "Zugänge insgesamt in diesem Verlauf", "Arrivals in total in this draw"
    )
    labels["scenario"] = Text("Planfall", "Scenario")
    return [
        {
            "parameter": s.parameter,
            "label": both(labels[s.parameter]),
            "share": round(s.share, 4),
            "standard_error": round(s.standard_error, 4),
        }
        for s in shares(peak, numbers, {"scenario": drawn(run.mixture.of_draw)})
    ]


def _assumptions(run: Run) -> tuple[dict[str, Floats], dict[str, Text]]:
    """The uncertain parameters that were read, a column a draw each."""
    rows = np.arange(run.draws + 1, dtype=np.int32)
    numbers, labels = {}, {}
    for name in sorted(run.values.reads & set(run.resolved.choices)):
        if run.resolved.amount(name) is None:
            continue
        column = run.values.of(name, rows)
        if not isinstance(column, float):
            numbers[name] = np.asarray(column)[1:]
            labels[name] = run.resolved[name].parameter.label
    return numbers, labels
