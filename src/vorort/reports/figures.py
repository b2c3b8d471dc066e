"""A run as the JSON of DESIGN 14: quantiles, probabilities, dates, costs, pedigree."""

from __future__ import annotations

from typing import Any

from vorort import __version__
from vorort.arrivals import scenarios
from vorort.reports import facts
from vorort.reports.months import both, by_scenario, domain_figures
from vorort.reports.sentence import leading_sentence
from vorort.reports.shortage import expected_households, minors_alone
from vorort.stress.run import Run


def figures(run: Run) -> dict[str, Any]:
    """Everything the report and other programs read; no times of computing."""
    domains = {d.name: domain_figures(run, d, "decided") for d in run.domains}
    static = {d.name: domain_figures(run, d, "static") for d in run.domains}
    told = {  # the sensitivity and the costs read parameters too, so these come first
        "sensitivity": facts.sensitivity(run),
        "expected_households": expected_households(run),
    }
    used = sorted(run.values.reads & set(run.resolved.choices))
    estimates, total = run.resolved.estimates(used)
    result = {
        "version": __version__,
        "seed": run.seed,
        "draws": run.draws,
        "scenario": _scenario(run),
        "horizon": {
            "start": run.calendar.start.isoformat(),
            "end": run.calendar.date_of(run.calendar.days).isoformat(),
            "months": len(run.calendar.months),
        },
        "estimates": {"used": estimates, "total": total},
        "domains": domains,
        "static": static,
        "by_scenario": by_scenario(run),
        **told,
        "parameters": [facts.parameter(run, name) for name in used],
        "arrivals": facts.arrivals(run),
        "key": facts.key_used(run),
        "ledger": facts.ledger_today(run),
        "unaccompanied_minors": minors_alone(run),
        "incomplete": facts.not_known(run),
        "notes": facts.notes(run),
    }
    result["sentence"] = both(leading_sentence(result, "domains"))
    result["static_sentence"] = both(leading_sentence(result, "static"))
    return result


def _scenario(run: Run) -> dict[str, Any]:
    town = run.scenario.municipality
    return {
        "name": run.scenario.folder,
        "town": town.name,
        "land": town.land,
        "today": town.today.isoformat(),
        "population": town.population,
        "weights": {
            name: {"label": both(scenarios.LABELS[name]), "weight": weight}
            for name, weight in run.weights.items()
        },
    }
