"""What is built again for the headline numbers, and what is left as it is."""

import re

from innosurvey.changes.place import BEHIND_VERDICTS
from innosurvey.study import ROOT

RULES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "workflow/rules").glob("*.smk"))
COMMON = (ROOT / "workflow/rules/common.smk").read_text(encoding="utf-8")


def rule(name):
    return re.search(rf"^rule {name}:\n(.*?)(?=^rule |\Z)", RULES, flags=re.MULTILINE | re.DOTALL)[1]


def tables_judged():
    named = re.findall(r"^JUDGED \+?= (\[.*?\])", COMMON, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r'"(\w+)"', " ".join(named))


def test_every_table_that_verdicts_rest_on_is_made_by_a_step_that_is_run_again():
    made = [f"/{table}.csv" for table in tables_judged()]
    assert len(made) > 5
    outputs = rule("compare_groups") + rule("fit_models")
    assert [name for name in made if name not in outputs] == []


def test_the_steps_that_are_run_again_are_rules_of_the_workflow():
    assert [name for name in BEHIND_VERDICTS if f"rule {name}:\n" not in RULES] == []
