"""One model per rule and per goal as a file a person can read; read back, the optimum is ours."""

import pytest
from golden_problems import BEST, FOLDER, PROBLEMS

from vorort.placement import all_goals, all_rules, place
from vorort.placement.highs import solve
from vorort.placement.lp_text import lp_text
from vorort.placement.solve import written_out


def test_every_rule_and_every_goal_has_its_model():
    wanted = {f"rules/{r.name}" for r in all_rules()} | {f"goals/{g.name}" for g in all_goals()}
    assert wanted == set(PROBLEMS)
    assert {f"{p.parent.name}/{p.stem}" for p in FOLDER.rglob("*.lp")} == wanted


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_file_is_what_the_model_says(name):
    text = (FOLDER / f"{name}.lp").read_text("utf-8")
    assert lp_text(written_out(PROBLEMS[name]).program) == text
    assert len(PROBLEMS[name].parties) <= 4
    assert len(PROBLEMS[name].lodgings) <= 5


@pytest.mark.parametrize("name", PROBLEMS)
def test_read_back_by_the_solver_the_optimum_is_the_same(name):
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(FOLDER / f"{name}.lp")) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = round(highs.getInfo().objective_function_value)
    matrix = written_out(PROBLEMS[name]).program.matrix()
    answer = solve(matrix)
    assert answer.x is not None
    assert round(float(matrix.points @ answer.x)) == found
    if name in BEST:
        assert found == BEST[name]


@pytest.mark.parametrize("name", [n for n in PROBLEMS if n.startswith("rules/")])
def test_each_rule_decides_its_example(name):
    """Without the rule's rows and refusals the plan would be another one."""
    problem = PROBLEMS[name]
    rule = next(r for r in all_rules() if f"rules/{r.name}" == name)
    if not rule.is_optional:
        pytest.skip("cannot be switched off")
    book = problem.rulebook
    freed = problem.changed(
        rulebook=type(book)(book.off | {rule.name}, book.weights, book.settings)
    )
    assert place(freed).objective > place(problem).objective
