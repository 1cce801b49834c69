import subprocess
import sys

import pytest

from innosurvey import study
from innosurvey.configured import HANDED_OVER, of_study, to_hand_over
from innosurvey.planned import steps_planned

WORKFLOW = """
rule all:
    input: "b.txt"
rule data:
    input: "a.txt"
rule a:
    output: "a.txt"
    shell: "echo a >> ran.txt; {spoilt} echo 1 > a.txt"
rule b:
    input: "a.txt"
    output: "b.txt"
    shell: "echo b >> ran.txt; cp a.txt b.txt"
"""


def engine(folder, workflow, handed_over=None):
    (folder / "Snakefile").write_text(workflow)
    given = [] if handed_over is None else [HANDED_OVER]
    return subprocess.run(
        [sys.executable, "-m", "innosurvey.engine", *given, "all", "--cores", "1"],
        cwd=folder,
        input=handed_over,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def said_by(ran):
    return ran.stdout.decode()


def test_the_data_are_made_before_the_rest_and_it_is_said_how_many_steps_are_planned(tmp_path):
    ran = engine(tmp_path, WORKFLOW.replace("{spoilt}", ""))
    assert ran.returncode == 0, said_by(ran)
    assert (tmp_path / "ran.txt").read_text().split() == ["a", "b"]
    assert steps_planned(said_by(ran)) == 2


def test_where_nothing_is_due_no_step_is_planned(tmp_path):
    engine(tmp_path, WORKFLOW.replace("{spoilt}", ""))
    again = engine(tmp_path, WORKFLOW.replace("{spoilt}", ""))
    assert again.returncode == 0
    assert steps_planned(said_by(again)) == 0
    assert (tmp_path / "ran.txt").read_text().split() == ["a", "b"]


def test_no_phase_runs_after_one_that_failed(tmp_path):
    ran = engine(tmp_path, WORKFLOW.replace("{spoilt}", "exit 3;"))
    assert ran.returncode == 1
    assert (tmp_path / "ran.txt").read_text().split() == ["a"]


@pytest.mark.parametrize("written", ["rule all: input: [", "import nothing_like_it"])
def test_a_workflow_that_cannot_be_read_ends_with_one(tmp_path, written):
    ran = engine(tmp_path, written)
    assert ran.returncode == 1
    assert "Snakefile" in said_by(ran)


def test_the_scripts_of_a_build_are_forks_of_one_process(tmp_path):
    (tmp_path / "script.py").write_text("import os\nopen(snakemake.output[0], 'w').write(str(os.getppid()))\n")
    scripts = WORKFLOW.replace('shell: "echo a >> ran.txt; {spoilt} echo 1 > a.txt"', 'script: "script.py"')
    scripts = scripts.replace('shell: "echo b >> ran.txt; cp a.txt b.txt"', 'script: "script.py"')
    ran = engine(tmp_path, scripts)
    assert ran.returncode == 0, said_by(ran)
    assert (tmp_path / "a.txt").read_text() == (tmp_path / "b.txt").read_text()


def test_a_script_that_fails_ends_the_build(tmp_path):
    (tmp_path / "script.py").write_text("import sys\nsys.exit(3)\n")
    ran = engine(
        tmp_path, WORKFLOW.replace('shell: "echo a >> ran.txt; {spoilt} echo 1 > a.txt"', 'script: "script.py"')
    )
    assert ran.returncode == 1
    assert not (tmp_path / "b.txt").exists()


READER = """
from innosurvey import study
from innosurvey.configured import configured
study.read = None
rule all:
    output: "read.txt"
    params: name=configured().study.name
    shell: "echo {params.name} > {output}"
rule data:
    input: "read.txt"
"""


def test_the_workflow_has_the_study_that_was_handed_over(tmp_path):
    loaded = study.read(*study.BASE, raw=None)
    ran = engine(tmp_path, READER, to_hand_over(of_study(loaded), None, None))
    assert ran.returncode == 0, said_by(ran)
    assert (tmp_path / "read.txt").read_text().strip() == loaded.name
