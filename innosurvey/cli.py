"""The command line: `innosurvey report`, `plan`, `check`, `explain`, …; `cli_draft` has drafts, `cli_wave` new waves,
`cli_baseline` and `cli_changes` releases, `cli_archive` and `cli_verify` what leaves the house.

Thin over Snakemake: it finds the study, checks what can be checked before anything runs, starts the workflow and
shows one line per step. Exit codes: 0 done, 1 a bug of ours, 2 usage or configuration, 3 data, 4 disclosure, 5
baseline.
"""

import csv
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click

from innosurvey import (
    cli_baseline,
    cli_changes,
    cli_draft,
    cli_wave,
    codebook,
    configured,
    runner,
    study,
    untouched,
    yamlfile,
)
from innosurvey.cli_progress import Progress
from innosurvey.errors import StudyError

FlowCommand = Callable[..., None]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="innosurvey", message="innosurvey %(version)s")
def main() -> None:
    """From raw innovation surveys to a validated report, rerunning only what changed."""


def _study_options(command: FlowCommand) -> FlowCommand:
    """Add --study and --raw, and end a StudyError with its block and exit code instead of a traceback."""

    @click.option(
        "--study",
        "name",
        default=None,
        metavar="NAME|FILE",
        help="A study of resources/studies, or a study file. Default: the one of config.yaml.",
    )
    @click.option("--raw", default=None, metavar="DIR", help="The folder of the raw files. Default: as the study says.")
    @wraps(command)
    def with_plain_errors(name: str | None, raw: str | None, **options: Any) -> None:
        try:
            raw = str(Path(raw).resolve()) if raw else None
            command(_chosen(name, raw), raw=raw, **options)
        except StudyError as error:
            _fail(error.kind, str(error), error.exit_code)

    return with_plain_errors


class _Chosen:
    """The study that a command is about and the file it was laid over config.yaml from."""

    def __init__(self, file: Path | None, loaded: study.Study) -> None:
        self.file = file
        self.study = loaded

    def run(self, raw: str | None, cores: int | None = None) -> runner.Run:
        return runner.Run(root=study.ROOT, study=self.study.name, study_file=self.file, raw=raw, cores=cores)


def _chosen(name: str | None, raw: str | None) -> _Chosen:
    file = study.study_file(name) if name else None
    return _Chosen(file.resolve() if file else None, study.read(*study.BASE, *([file] if file else []), raw=raw))


@main.command()
@_study_options
@click.option("--cores", type=click.IntRange(min=1), default=None, help="Processor cores to use. Default: all.")
def report(chosen: _Chosen, raw: str | None, cores: int | None) -> None:
    """Build the report, rerunning only what changed."""
    began = time.monotonic()
    run = chosen.run(raw, cores)
    steps = 0 if untouched.is_untouched(run, chosen.study) else _build(run, chosen.study)
    seconds = f"{time.monotonic() - began:.1f} s"
    if steps:
        click.echo(f"Done: {_steps(steps)} in {seconds}. Open {_published(run)}")
    else:
        click.echo(f"Nothing to do: {_published(run)} is up to date ({seconds}).")
    _tell_of_the_certificate(run, chosen.study)


@main.command()
@_study_options
def plan(chosen: _Chosen, raw: str | None) -> None:
    """Say which steps would run, and why."""
    run = chosen.run(raw)
    _configured(chosen.study)
    steps = untouched.steps_due(run, chosen.study)
    if not steps:
        click.echo(f"Nothing to do: {_published(run)} is up to date.")
        return
    seconds = runner.seconds_by_rule(run)
    for step in steps:
        click.echo(f"  {step.rule:<18} {step.about:<28} {step.reason}")
    known = [seconds[step.rule] for step in steps if step.rule in seconds]
    estimate = f" About {sum(known):.0f} s of computing, by the history of earlier runs." if known else ""
    direct = sum(not step.follows for step in steps)
    click.echo(
        f"{_steps(len(steps))} at most: {direct} {'is' if direct == 1 else 'are'} due; what follows is left out where "
        f"its inputs come out unchanged.{estimate}"
    )


@main.command()
@_study_options
@click.option("--coverage", "listed", is_flag=True, help="List what each variable, cohort, item and model needs.")
def check(chosen: _Chosen, raw: str | None, listed: bool) -> None:
    """Check the configuration, the codebooks and the raw files without running anything."""
    from innosurvey import checks

    failures = 0
    worst = 0
    said = set[str]()
    for finding in checks.check_study(chosen.study, study.ROOT):
        mark = "ok " if finding.error is None else "BAD"
        click.echo(f"{mark} {finding.what}")
        for note in finding.notes:
            click.echo(f"    note: {note}")
        if finding.error is not None:
            failures += 1
            worst = max(worst, finding.error.exit_code)
            message = study.with_files_named(str(finding.error), chosen.study)
            if message not in said:  # one slip may stop several steps
                click.echo("    " + message.replace("\n", "\n    "), err=True)
            said.add(message)
    for line in checks.coverage_lines(chosen.study, study.ROOT, listed=listed):
        click.echo(line)
    click.echo(f"{failures} of the checks failed." if failures else "All checks passed.")
    sys.exit(worst)


@main.command()
@_study_options
@click.argument("model")
@click.option("--group", default=None, metavar="COHORT.GROUP", help="The fit to show. Default: the first estimated.")
def explain(chosen: _Chosen, raw: str | None, model: str, group: str | None) -> None:
    """Explain a MODEL: what it is, whom it rests on, what was found, and where that is printed."""
    from innosurvey import cli_explain

    click.echo(cli_explain.explain_model(chosen.study, study.ROOT, model, group))


@main.command()
@_study_options
@click.option("--cores", type=click.IntRange(min=1), default=None, help="Processor cores to use. Default: all.")
def verify(chosen: _Chosen, raw: str | None, cores: int | None) -> None:
    """Build the study again in a temporary folder and compare the bytes."""
    from innosurvey import cli_verify

    click.echo(cli_verify.verify_study(chosen.run(raw, cores)))


@main.command()
@_study_options
def validate(chosen: _Chosen, raw: str | None) -> None:
    """See that what is published is up to date, passed the last look, and is whole."""
    from innosurvey import cli_verify

    click.echo(cli_verify.validate_study(chosen.run(raw)))


@main.command()
@_study_options
@click.option("--to", type=click.Path(path_type=Path), default=None, metavar="FILE.zip", help="Default: in results/.")
@click.option("--without-data", is_flag=True, help="Leave the raw files out; the README says how to get them.")
def archive(chosen: _Chosen, raw: str | None, to: Path | None, without_data: bool) -> None:
    """Pack all that others need to build the study again as a zip file."""
    from innosurvey import cli_archive

    click.echo(cli_archive.archive_study(chosen.study, chosen.run(raw), to, not without_data))


@main.command()
@_study_options
def clean(chosen: _Chosen, raw: str | None) -> None:
    """Remove the study's results."""
    results = study.ROOT / "results" / chosen.study.name
    if results.is_dir():
        shutil.rmtree(results)
    click.echo(f"Removed results/{chosen.study.name}.")


@main.command()
@click.option("--firms", type=click.IntRange(min=100), default=None, help="Responding firms a wave.")
@click.option(
    "--scenario", type=click.Choice(["claimed", "null", "reversed"]), default=None, help="What is true of it."
)
@click.option("--seed", type=int, default=None, help="Seed of the random numbers.")
@click.option("--out", default="resources/raw/seoul", metavar="DIR", help="Folder of the files.", show_default=True)
def synthetic(out: str, **chosen: Any) -> None:
    """Make the synthetic Seoul survey; without options the committed files, byte for byte."""
    from innosurvey import files
    from innosurvey import synthetic as maker

    folder = study.ROOT / out if out == "resources/raw/seoul" else Path(out)
    for name, content in maker.generate(**{key: value for key, value in chosen.items() if value is not None}).items():
        files.write_bytes(content, folder / name)
        click.echo(f"{name:<22} {len(content):>9,} bytes")


main.add_command(cli_baseline.bless)
main.add_command(cli_baseline.compare)
main.add_command(cli_changes.changes)
main.add_command(cli_draft.codebook)
main.add_command(cli_draft.study)
main.add_command(cli_wave.wave)


def _explain(outcome: runner.Outcome, run: runner.Run, loaded: study.Study) -> None:
    """Print each failed step's block; for what is none of the researcher's making, say where the log is."""
    said: dict[tuple[str, str], Mapping[str, Any]] = {}
    for failure in outcome.failures:  # several waves may fail of one cause, which is said once
        said.setdefault((failure["rule"], failure["message"]), failure)
    for failure in said.values():
        if failure["kind"] == "bug":
            click.echo(
                f"\nA bug in {failure['rule']} ({failure['message'].split(':')[0]}). "
                f"Its traceback is in {failure['log']}; please report it.",
                err=True,
            )
        else:
            message = study.with_files_named(failure["message"], loaded)
            click.echo(f"\n{failure['kind']} error in {failure['rule']}:\n{message}", err=True)
    if any(failure["rule"].startswith("validate_") for failure in outcome.failures):
        click.echo(f"Nothing was published. What did not pass stands in results/{run.study}/rendered.", err=True)
    if not outcome.failures:
        click.echo("\n".join(outcome.said.strip().splitlines()[-20:]), err=True)
        click.echo(f"\nSnakemake stopped; its log is in {run.history.parent}.", err=True)


def _steps(count: int) -> str:
    """Return a count of steps in words."""
    return "1 step" if count == 1 else f"{count} steps"


def _build(run: runner.Run, loaded: study.Study) -> int:
    """Build what is due, and return how many steps that took; end the command where one of them fails."""
    read = _configured(loaded)
    if runner.unlock_if_dead(run):
        click.echo("A run that was killed had left its lock behind; it is removed.")
    inputs = untouched.inputs_of(run, loaded)
    with Progress() as progress:
        outcome = runner.build(run, read, progress.show)
    if outcome.exit_code:
        _explain(outcome, run, loaded)
        sys.exit(outcome.exit_code)
    untouched.remember(run, loaded, inputs)
    return outcome.steps


def _configured(loaded: study.Study) -> configured.Configured:
    """Return a study with what is worked out from it; raise for a file that is not there and for configuration that
    could not work, before anything runs.
    """
    for source in [*loaded.waves.values(), *loaded.registers.values()]:
        study.fail_if_absent(loaded, source, study.ROOT)
        codebook.fail_if_undecided(yamlfile.read(study.ROOT / source.codebook, source.codebook))
    return configured.of_study(loaded)


def _tell_of_the_certificate(run: runner.Run, loaded: study.Study) -> None:
    """Say how many published tables came out, and how many were not run: neither must go unnoticed."""
    counts = run.root / "results" / run.study / "estimates" / "certificate_counts.csv"
    if not loaded.programme.get("certificate") or not counts.is_file():
        return
    with open(counts, encoding="utf-8", newline="") as lines:
        cases = {row["verdict"]: row["cases"] for row in csv.DictReader(lines)}
    click.echo(
        f"Certificate: {cases['agrees']} of {cases['all']} published tables agree, {cases['not run']} were not run."
    )


def _published(run: runner.Run) -> str:
    return f"results/{run.study}/publish/report.en.html"


def _fail(kind: str, message: str, exit_code: int) -> None:
    click.echo(f"{kind} error: {message}", err=True)
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
