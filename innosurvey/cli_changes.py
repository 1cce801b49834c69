"""`innosurvey changes`: what changed since a release and why, each headline number split into what caused its change.

The present results are taken as they are, and refused where they are not up to date; the release as it is stored. What
lies between is built in a copy of the project (`changes.place`); nothing of the project is written but the files that
are asked for.
"""

from pathlib import Path

import click

from innosurvey import cli_baseline, files
from innosurvey.cli_baseline import Chosen, of_a_study
from innosurvey.errors import StudyError

LAYOUT = "workflow/changes/page.html.j2"


@click.command()
@of_a_study
@click.option("--against", default=None, metavar="NAME", help="The release to compare with. Default: the newest.")
@click.option(
    "--raw-before",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="The folder with the raw files as they were. Default: as they were committed.",
)
@click.option("--cores", type=click.IntRange(min=1), default=None, help="Processor cores to use. Default: all.")
@click.option("--page", type=click.Path(path_type=Path), default=None, help="Write a page to this file.")
@click.option("--markdown", type=click.Path(path_type=Path), default=None, help="Write a summary to this file.")
@click.option("--record", is_flag=True, help="Keep it for the report, which tells it in a chapter of its own.")
@click.option("--table", type=click.Path(path_type=Path), default=None, help="Write the split to this CSV file.")
def changes(
    chosen: Chosen,
    against: str | None,
    raw_before: Path | None,
    cores: int | None,
    page: Path | None,
    markdown: Path | None,
    record: bool,
    table: Path | None,
) -> None:
    """Say what changed since a release, and split each headline number into what caused its change."""
    from innosurvey import tables
    from innosurvey.baseline import store
    from innosurvey.changes.page import lines_of, markdown_of, page_of
    from innosurvey.changes.record import record_of
    from innosurvey.changes.recorded import place_of
    from innosurvey.changes.since import changes_since
    from innosurvey.changes.split import table_of

    if not chosen.study.waves:
        raise StudyError(f"{chosen.study.name}: the study has no survey, so no headline number to split.")
    known = store.releases(chosen.root, chosen.study.name)
    if not known:
        raise StudyError(cli_baseline.unblessed(chosen.study.name))
    release = store.chosen(known, against, chosen.study.name)
    cli_baseline.fail_if_not_up_to_date(chosen)
    found = changes_since(chosen, release, raw_before, cores, lambda said: click.echo(said, err=True))
    click.echo("\n".join(lines_of(found)))
    if markdown is not None:
        files.write_text(markdown_of(found), markdown)
    if table is not None:
        files.write_text(table_of(found.split).to_csv(index=False, lineterminator="\n"), table)
    if record:
        for name, frame in record_of(found, cli_baseline.statistics_of(chosen)).items():
            tables.write(name, frame, chosen.root / place_of(chosen.study.name, name))
        click.echo("\nRecorded for the report. Build it again: innosurvey report")
    if page is not None:
        layout = files.read_text(chosen.root / LAYOUT)
        files.write_text(page_of(found, layout, chosen.study.title["en"]), page)
