"""The domains as folders: found without loading anything slow, in the order in which they read."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from small_town import Home, Member, people_of, resolved, run

from vorort.columns import Calendar, Values
from vorort.domains import Domain, all_domains, folders, in_order
from vorort.parameters import load
from vorort.problems import Refused

ENGINE_READS = {"tolerated_days", "tolerated_amount", "space_m2", "unfit_share_later",
                "overflow_month_eur", "idle_month_eur"}  # fmt: skip


def domain(name: str, *reads: str) -> Domain:
    return replace(all_domains()[0], name=name, reads=reads)


def test_naming_the_folders_loads_no_compiler() -> None:
    code = "import sys, vorort.domains as d; d.folders(); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_each_domain_follows_those_it_reads() -> None:
    names = [d.name for d in all_domains()]
    assert sorted(names) == [f.name for f in folders()]
    for d in all_domains():
        assert all(names.index(r) < names.index(d.name) for r in d.reads)
    assert names[0] == "registration" and names[-2:] == ["flat", "accommodation"]


def test_the_order_does_not_depend_on_how_folders_are_listed() -> None:
    assert in_order(reversed(all_domains())) == all_domains()


def test_a_circle_is_named() -> None:
    with pytest.raises(Refused, match="health, work") as refused:
        in_order([domain("work", "health"), domain("health", "work"), domain("mentoring")])
    assert refused.value.problems[0].remedy_en


def test_a_domain_that_does_not_exist_is_named() -> None:
    with pytest.raises(Refused, match="'helth'"):
        in_order([domain("work", "helth")])


def test_a_domain_sees_only_the_outcomes_it_declares() -> None:
    day = Calendar.of_months(date(2027, 3, 1), 24)
    values = Values({n: c.amount for n, c in resolved(day.start).choices.items()})
    people = people_of([Home(1, "temporary", 3, (Member(-12000, True), Member(-700)), may_move=9)])
    outcomes = run(all_domains(), people, values, day)
    for d in all_domains():
        read = {name: outcomes[name] for name in d.reads}
        needs = d.needs(people, values, read, day)
        assert np.array_equal(needs.start, outcomes[d.name].needs.start), d.name


def test_every_parameter_is_read_by_its_rule_or_by_the_engine() -> None:
    for folder in folders():
        source = (folder / "__init__.py").read_text("utf-8")
        for name in load([folder]).parameters:
            stem = re.sub(r"_(asylum|temporary|reunification|resettlement|other)$", "", name)
            stem = re.sub(r"uptake_(u3|o3)$", "uptake_", stem)
            assert stem in source or name.split(".")[1] in ENGINE_READS, name


def test_every_citation_stands_in_the_research_or_is_an_estimate() -> None:
    for name, parameter in load(folders()).parameters.items():
        for value in parameter.values:
            cite = value.source.cite
            tagged = re.search(
                r"\[(S\d+\w*(, S\d+\w*)*|parameters_simulation .+|simulation\.md .+)\]", cite
            )
            assert tagged or cite == "project estimate", (name, cite)
            assert value.source.grade != "estimate" or value.reason, name


def test_no_rule_imports_another_domain() -> None:
    names = {f.name for f in folders()}
    for folder in folders():
        text = Path(folder / "__init__.py").read_text("utf-8")
        assert not re.search(rf"vorort\.domains\.({'|'.join(names)})", text), folder.name
