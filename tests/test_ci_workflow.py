"""The workflow of GitHub Actions calls make targets alone: those that there are, and that .ci/run calls as well."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = yaml.load((ROOT / ".github/workflows/report.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
STEPS = WORKFLOW["jobs"]["report"]["steps"]
TARGETS = [target for step in STEPS for target in re.findall(r"^make ([a-z-]+)", step.get("run", ""))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
RUN = (ROOT / ".ci/run").read_text(encoding="utf-8")


def place_of(name):
    """The position of the step that uses an action or runs a make target."""
    return next(place for place, step in enumerate(STEPS) if name in step.get("uses", step.get("run", "")))


def test_it_starts_on_push_on_a_pull_request_by_the_clock_by_hand_and_when_there_are_new_data():
    assert set(WORKFLOW["on"]) == {"push", "pull_request", "schedule", "workflow_dispatch", "repository_dispatch"}
    assert WORKFLOW["on"]["repository_dispatch"]["types"] == ["new-data"]


def test_it_may_read_and_no_more():
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_a_newer_push_to_a_pull_request_ends_the_run_of_the_older():
    assert "github.ref" in WORKFLOW["concurrency"]["group"]
    assert "pull_request" in WORKFLOW["concurrency"]["cancel-in-progress"]


@pytest.mark.parametrize("step", [step for step in STEPS if "uses" in step], ids=lambda step: step["name"])
def test_every_action_is_pinned_to_a_commit(step):
    assert re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", step["uses"])


@pytest.mark.parametrize("step", [step for step in STEPS if "run" in step], ids=lambda step: step["name"])
def test_every_step_of_ours_is_a_make_target_or_posts_the_summary(step):
    assert step["run"].startswith("make ") or "$GITHUB_STEP_SUMMARY" in step["run"]


def test_no_value_from_outside_is_written_into_a_command():
    assert [step["name"] for step in STEPS if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_is_in_the_makefile(target):
    assert re.search(rf"^{target}:.*## ", MAKEFILE, flags=re.MULTILINE)


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_is_called_before_a_commit_lands_too(target):
    assert re.search(rf"\bmake {target}\b", RUN)


def test_it_builds_on_what_earlier_runs_left_and_looks_before_it_uploads():
    order = ["cache/restore", "make setup", "make lint", "make test", "make report", "make validate", "make compare"]
    places = [place_of(name) for name in [*order, "cache/save", "upload-artifact"]]
    assert places == sorted(places)


def test_results_are_kept_with_snakemakes_memory_since_one_is_nothing_without_the_other():
    for name in ("cache/restore", "cache/save"):
        assert STEPS[place_of(name)]["with"]["path"].split() == ["results", ".snakemake"]


def test_only_what_may_leave_the_house_is_uploaded():
    assert STEPS[place_of("upload-artifact")]["with"]["path"] == "results/*/publish/"
