import pytest

from innosurvey.planned import in_plain_words, planned_steps, steps_planned

DRY_RUN = """Building DAG of jobs...
[Sat Nov 21 18:15:29 2026]
rule ingest_survey:
    input: raw/a.csv, books/a.yaml
    output: results/seoul/microdata/ingest/survey_2018.parquet
    jobid: 3
    reason: Updated input files: raw/a.csv
    wildcards: wave=2018
    resources: tmpdir=/tmp
[Sat Nov 21 18:15:29 2026]
rule fit_models:
    input: x
    reason: Missing output files: a.csv; Input files updated by another job: b.parquet
    wildcards: batch=all.knowledge
[Sat Nov 21 18:15:29 2026]
rule gather_estimates:
    input: x
    reason: Input files updated by another job: a.csv
[Sat Nov 21 18:15:29 2026]
rule all:
    input: x
    reason: Input files updated by another job: a.csv
Job stats:
"""


COUNTS = "Job stats:\njob            count\n-----------  -------\n"


def test_a_dry_run_is_read_as_steps_with_reasons_in_plain_words():
    steps = list(planned_steps(DRY_RUN))
    assert [(step.rule, step.about, step.reason) for step in steps] == [
        ("ingest_survey", "2018", "changed: raw/a.csv"),
        ("fit_models", "all.knowledge", "has not been made yet"),
        ("gather_estimates", "", "follows from steps above"),
    ]


def test_the_steps_of_all_runs_of_a_log_are_counted_without_their_goals():
    first = COUNTS + "clean_survey       2\ndata               1\ntotal              3\n"
    second = COUNTS + "all                1\nfit_models        15\ntotal             16\n"
    assert steps_planned(first) == 2
    assert steps_planned(f"{first}\nrule clean_survey:\n{second}\n") == 17
    assert steps_planned("Nothing to be done (all requested files are present and up to date).\n") == 0


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            f"Params have changed since last execution: Union of … before: '{'a' * 16}' now: '{'b' * 16}'",
            "changed: its code",
        ),
        (
            f"Params have changed since last execution: Union of … before: '{'a' * 64}' now: '{'b' * 64}'",
            "changed: the lock file",
        ),
        (
            "Params have changed since last execution: Union of … "
            f"before: {{'a.yaml': '{'a' * 64}', 'b.csv': '{'b' * 64}'}} "
            f"now: {{'a.yaml': '{'c' * 64}', 'b.csv': '{'b' * 64}'}}",
            "changed: a.yaml",
        ),
        (
            "Params have changed since last execution: Union of … before: {'a': 1} now: {'a': 2}",
            "changed: its settings",
        ),
        ("Set of input files has changed since last execution", "other files go into it now"),
        ("Something that Snakemake says one day", "Something that Snakemake says one day"),
        ("", "asked for"),
    ],
)
def test_reasons_are_said_plainly(said, plain):
    assert in_plain_words(said) == plain
