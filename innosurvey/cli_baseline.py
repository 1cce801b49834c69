"""The commands about releases: `innosurvey bless` stores what a study says, `innosurvey compare` says what changed.

What is blessed is what a build made of committed files and passed the last look; nothing is stored otherwise, and no
release is ever overwritten.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from innosurvey import (
    __version__,
    certified,
    coverage,
    files,
    fingerprint,
    runner,
    setting,
    study,
    untouched,
    verify,
    yamlfile,
)
from innosurvey.cli_verify import stamp_of
from innosurvey.errors import StudyError, bullets
from innosurvey.planned import PlannedStep

if TYPE_CHECKING:  # heavy, and of no use to the other commands
    import pandas as pd

LOCK = "requirements.lock"
LAYOUT = "workflow/baseline/page.html.j2"
CONTRACTS = "workflow/schemas/tables.yaml"
LISTS = ("resources/dictionary", "resources/codelists", "resources/reference", "resources/regions")
"""Folders of what all studies look things up in."""
CHANGES_OF_A_TABLE = 50
"""How many changes of a table the page shows."""
BEYOND_TOLERANCE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The study that a command is about, the file that it was laid over config.yaml from, and the project's folder."""

    study: study.Study
    file: Path | None
    raw: str | None
    root: Path

    @property
    def results(self) -> Path:
        return self.root / "results" / self.study.name


def of_a_study(command: Callable[..., None]) -> Callable[..., None]:
    """Add --study and --raw, and end a StudyError with its block and exit code instead of a traceback."""

    @click.option("--study", "name", default=None, metavar="NAME|FILE", help="Default: the study of config.yaml.")
    @click.option("--raw", default=None, metavar="DIR", help="The folder of the raw files. Default: as the study says.")
    @wraps(command)
    def with_plain_errors(name: str | None, raw: str | None, **options: Any) -> None:
        try:
            file = study.study_file(name) if name else None
            folder = str(Path(raw).resolve()) if raw else None
            loaded = study.read(*study.BASE, *([file] if file else []), raw=folder)
            command(Chosen(study=loaded, file=file and file.resolve(), raw=folder, root=study.ROOT), **options)
        except StudyError as error:
            click.echo(f"{error.kind} error: {error}", err=True)
            sys.exit(error.exit_code)

    return with_plain_errors


@click.command()
@of_a_study
@click.option("--release", required=True, metavar="NAME", help="What the release is called, as in 2023-06.")
@click.option("--who", required=True, help="Who releases the results.")
@click.option("--why", required=True, help="Why they are released, or differ from the release before.")
def bless(chosen: Chosen, release: str, who: str, why: str) -> None:
    """Store what the study says now as a release, which later results are compared with."""
    from innosurvey.baseline import store
    from innosurvey.baseline.release import Release, fail_if_unsaid

    fail_if_unsaid(who=who, why=why)
    store.fail_if_taken(chosen.root, chosen.study.name, release)
    known = store.releases(chosen.root, chosen.study.name)
    commit = commit_of(chosen.root)
    fail_if_checks_failed(chosen)
    fail_if_not_up_to_date(chosen)
    statistics = statistics_of(chosen)
    folder = store.write(
        statistics,
        Release(
            study=chosen.study.name,
            name=release,
            number=known[-1].number + 1 if known else 1,
            who=who,
            why=why,
            data_release=chosen.study.release,
            version=__version__,
            commit=commit,
            statistics="",
            basis=basis_of(chosen),
        ),
        chosen.root,
    )
    click.echo(f"Blessed {len(statistics):,} statistics as {folder.relative_to(chosen.root)}. Commit the folder.")


@click.command()
@of_a_study
@click.option("--against", default=None, metavar="NAME", help="The release to compare with. Default: the newest.")
@click.option("--markdown", type=click.Path(path_type=Path), default=None, help="Write a summary for CI to this file.")
@click.option("--page", type=click.Path(path_type=Path), default=None, help="Write a page to this file.")
def compare(chosen: Chosen, against: str | None, markdown: Path | None, page: Path | None) -> None:
    """Say what changed since a release; exit code 5 where anything differs beyond tolerance."""
    from innosurvey.baseline import store
    from innosurvey.baseline.classify import classify, parse_tolerances
    from innosurvey.baseline.page import lines_of, markdown_of, page_of
    from innosurvey.baseline.release import what_differs
    from innosurvey.baseline.summary import summarise

    known = store.releases(chosen.root, chosen.study.name)
    if against is None and not known:
        said = unblessed(chosen.study.name)
        click.echo(said)
        if markdown is not None:
            files.write_text(f"{said}\n", markdown)
        return
    release = store.chosen(known, against, chosen.study.name)
    level = level_of(chosen.study)
    tolerances = parse_tolerances((chosen.study.programme.get("validation") or {}).get("tolerances"))
    statistics = classify(store.read(release, chosen.root), statistics_of(chosen), tolerances, level)
    causes = what_differs(release.basis, basis_of(chosen))
    least = chosen.study.programme["disclosure"]["minimum_n"]
    comparison = summarise(statistics, release, causes, level, CHANGES_OF_A_TABLE, notes_on(chosen), least)
    click.echo("\n".join(lines_of(comparison)))
    if markdown is not None:
        files.write_text(markdown_of(comparison), markdown)
    if page is not None:
        layout = files.read_texts([str(chosen.root / LAYOUT)])[Path(LAYOUT).name]
        files.write_text(page_of(comparison, layout, chosen.study.title["en"]), page)
    if comparison.differ:
        sys.exit(BEYOND_TOLERANCE)


def unblessed(name: str) -> str:
    """Return what is said of a study that has no release."""
    return (
        f"{name} has no release yet, so there is nothing to compare with.\n"
        f'To make one: innosurvey bless --study {name} --release NAME --who "…" --why "…"'
    )


def statistics_of(chosen: Chosen) -> "pd.DataFrame":
    """Return the cleared statistics of the study's estimates; StudyError where it was never built."""
    from innosurvey import tables
    from innosurvey.baseline.tidy import tidy_statistics
    from innosurvey.changes.recorded import RECORDED
    from innosurvey.report.clearances import CLEARANCES

    told = set(CLEARANCES) - set(RECORDED)  # what is told of an earlier release is no statistic of this one
    paths = {name: chosen.results / "estimates" / f"{name}.csv" for name in told}
    estimates = {name: tables.read(name, path) for name, path in paths.items() if path.is_file()}
    if not estimates:
        raise StudyError(
            f"results/{chosen.study.name}/estimates: there are no results.\n"
            f"Build them: innosurvey report --study {chosen.study.name}"
        )
    contracts = yamlfile.read(chosen.root / CONTRACTS).data
    return tidy_statistics(estimates, contracts, chosen.study.programme["disclosure"]["minimum_n"])


def basis_of(chosen: Chosen) -> Any:
    """Return the checksums of all that the results rest on."""
    from innosurvey.baseline.release import Basis

    root, loaded = chosen.root, chosen.study
    sources = [*loaded.waves.values(), *loaded.registers.values()]
    configured = [*(Path(file.name) for file in loaded.files), *(Path(source.codebook) for source in sources)]
    configured += [path.relative_to(root) for folder in LISTS for path in (root / folder).rglob("*.*")]
    scripts = sorted((root / "scripts").glob("*.py"))
    proof = certified.certificate_of(loaded)
    published = [proof.data[name] for name in proof.used]
    return Basis(
        sources={source.file: _checksum(root / loaded.raw_file(source)) for source in sources}
        | {spec.file or f"{spec.package}: {spec.name}": certified.version_used(spec) for spec in published},
        configuration={named(path, root): _checksum(root / path) for path in sorted(set(configured))},
        code={path.stem: fingerprint.code_fingerprint(path.relative_to(root), root) for path in scripts},
        environment={LOCK: _checksum(root / LOCK)},
        disclosure=dict(loaded.programme["disclosure"]),
    )


def level_of(loaded: study.Study) -> float:
    """Return the study's level of significance."""
    from innosurvey.design_rules import parse_design_rules

    return round(1 - parse_design_rules(loaded.programme.get("design")).confidence, 12)


def commit_of(root: Path) -> str:
    """Return the commit that the project's files are at; StudyError where some are not committed, or git has none."""
    changed = _git(root, "status", "--porcelain").splitlines()
    if changed:
        raise StudyError(
            f"{len(changed)} files are not as they were committed:\n{bullets(changed)}\n"
            "Commit them, or put them back: a release must be possible to make again from its commit."
        )
    return _git(root, "rev-parse", "HEAD").strip()


def fail_if_checks_failed(chosen: Chosen) -> None:
    """Raise when the last look was not taken, or found something."""
    path = chosen.results / "publish" / "checks.json"
    shown = path.relative_to(chosen.root)
    remedy = f"Build the report: innosurvey report --study {chosen.study.name}"
    if not path.is_file():
        raise StudyError(f"{shown}: there is no such file, so nothing says that the results passed.\n{remedy}")
    try:
        checks: list[Mapping[str, Any]] = json.loads(files.read_texts([str(path)])[path.name])
        failed = [f"{check['check']}: {finding}" for check in checks for finding in check["found"]]
    except (ValueError, TypeError, KeyError):
        raise StudyError(f"{shown}: not a list of checks; the file was edited or cut off.\n{remedy}") from None
    if failed or not checks:
        raise StudyError(f"{shown}: the results did not pass:\n{bullets(failed or ['nothing was checked'])}\n{remedy}")


def steps_due(chosen: Chosen) -> list[PlannedStep]:
    """Return the steps that a build of the study would run."""
    run = runner.Run(root=chosen.root, study=chosen.study.name, study_file=chosen.file, raw=chosen.raw)
    return untouched.steps_due(run, chosen.study)


def notes_on(chosen: Chosen) -> list[str]:
    """Return what must be known of the results before they are compared: whether they are those of the files as they
    are, and whether they were verified.
    """
    steps = steps_due(chosen)
    notes = [f"The results are not up to date: {len(steps)} steps are due (innosurvey plan)."] if steps else []
    stamp = stamp_of(chosen.results)
    return [*notes, verify.as_text(stamp)] if stamp else notes


def fail_if_not_up_to_date(chosen: Chosen) -> None:
    """Raise when a build would run steps: the results are then not those of the files as they are."""
    for source in [*chosen.study.waves.values(), *chosen.study.registers.values()]:
        study.fail_if_absent(chosen.study, source, chosen.root)
    setting.report_setting(chosen.study, coverage.cover(chosen.study, chosen.root), chosen.root)
    if steps := steps_due(chosen):
        due = [f"{step.rule} {step.about}: {step.reason}" for step in steps if not step.follows]
        raise StudyError(
            f"results/{chosen.study.name}: {len(steps)} steps are to be run before the results are up to date:\n"
            f"{bullets(due)}\nBuild them: innosurvey report --study {chosen.study.name}"
        )


def _git(root: Path, *words: str) -> str:
    """Return what git says; StudyError where the project is in no git repository."""
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *words], cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip()
        raise StudyError(
            f"git {words[0]}: {said}\nA release names the commit that it was made from: put the project under git."
        ) from None
    return done.stdout


def _checksum(path: Path) -> str:
    return fingerprint.file_fingerprint(path)


def named(path: Path, root: Path) -> str:
    """Return a path from the project's folder; only the name of one outside it, which is of no other machine."""
    if not path.is_absolute():
        return path.as_posix()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
