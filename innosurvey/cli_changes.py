"""`innosurvey changes`: what changed since a release and why, each headline number split into what caused its change.

The present results are taken as they are, and refused where they are not up to date; the release as it is stored. What
lies between is built in a copy of the project (`changes.place`); nothing of the project is written but the files that
are asked for.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from innosurvey import cli_baseline, files, runner, yamlfile
from innosurvey.cli_baseline import Chosen, of_a_study
from innosurvey.errors import StudyError

if TYPE_CHECKING:  # heavy, and of no use to the other commands
    import pandas as pd

    from innosurvey.baseline.release import Release
    from innosurvey.changes.causes import Link
    from innosurvey.changes.earlier import Earlier
    from innosurvey.changes.page import Changes
    from innosurvey.changes.sources import Sources

LAYOUT = "workflow/changes/page.html.j2"
MOVES = 20
"""How many of the largest moves of distributions are told."""


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
@click.option("--table", type=click.Path(path_type=Path), default=None, help="Write the split to this CSV file.")
def changes(
    chosen: Chosen,
    against: str | None,
    raw_before: Path | None,
    cores: int | None,
    page: Path | None,
    markdown: Path | None,
    table: Path | None,
) -> None:
    """Say what changed since a release, and split each headline number into what caused its change."""
    from innosurvey.baseline import store
    from innosurvey.changes.page import lines_of, markdown_of, page_of
    from innosurvey.changes.split import table_of

    known = store.releases(chosen.root, chosen.study.name)
    if not known:
        raise StudyError(cli_baseline.unblessed(chosen.study.name))
    release = store.chosen(known, against, chosen.study.name)
    cli_baseline.fail_if_not_up_to_date(chosen)
    found = changes_since(chosen, release, raw_before, cores)
    click.echo("\n".join(lines_of(found)))
    if markdown is not None:
        files.write_text(markdown_of(found), markdown)
    if table is not None:
        files.write_text(table_of(found.split).to_csv(index=False, lineterminator="\n"), table)
    if page is not None:
        layout = files.read_text(chosen.root / LAYOUT)
        files.write_text(page_of(found, layout, chosen.study.title["en"]), page)


def changes_since(chosen: Chosen, release: "Release", raw_before: Path | None, cores: int | None) -> "Changes":
    """Return all that changed since a release; what lies between is built in a temporary folder."""
    from innosurvey.changes.earlier import earlier_of
    from innosurvey.changes.sources import compare_sources

    raw_folders = [*([raw_before.resolve()] if raw_before else []), chosen.root / chosen.study.raw]
    with tempfile.TemporaryDirectory(prefix="innosurvey changes ") as temporary:
        folder = Path(temporary)
        earlier = earlier_of(release, chosen.root, chosen.file, tuple(raw_folders), folder / "then")
        (folder / "read").mkdir()
        sources = compare_sources(chosen.study, earlier, chosen.root, chosen.results, folder / "read")
        return _split_up(chosen, earlier, sources, cores, folder / "project")


def _split_up(chosen: Chosen, earlier: "Earlier", sources: "Sources", cores: int | None, folder: Path) -> "Changes":
    from innosurvey.baseline import store
    from innosurvey.baseline.classify import classify, parse_tolerances
    from innosurvey.baseline.release import what_differs
    from innosurvey.baseline.summary import causes_in_words, summarise
    from innosurvey.changes.causes import links_of, walk
    from innosurvey.changes.distributions import largest_moves
    from innosurvey.changes.found import causes_that_differ, columns_that_differ, settings_of_both
    from innosurvey.changes.page import Changes
    from innosurvey.changes.schema import settings_that_differ
    from innosurvey.changes.split import split

    release, programme = earlier.release, chosen.study.programme
    basis = cli_baseline.basis_of(chosen)
    least: int = programme["disclosure"]["minimum_n"]
    before, after = store.read(release, chosen.root), cli_baseline.statistics_of(chosen)
    links = links_of(causes_that_differ(chosen.study, chosen.root, basis, earlier, sources), sources.few(least))
    builder = _Builder(chosen, earlier, sources, cores, folder)
    told, states = walk(links, after, lambda link: builder.without(link, links))
    level = cli_baseline.level_of(chosen.study)
    tolerances = parse_tolerances((programme.get("validation") or {}).get("tolerances"))
    causes = what_differs(release.basis, basis)
    return Changes(
        release=release,
        rests_on=causes_in_words(causes),
        columns=columns_that_differ(chosen.study, chosen.root, earlier),
        settings=list(settings_that_differ(*settings_of_both(chosen.study, earlier))),
        sources={f"{one.now.kind} {one.now.name}": one.units for one in sources.changed},
        new=sources.new,
        moves=largest_moves(before, after, MOVES),
        outcomes=summarise(classify(before, after, tolerances, level), release, causes, level, 0).counts,
        split=split(told, before, states),
        claims={claim: said["title"]["en"] for claim, said in (programme.get("claims") or {}).items()},
        least=least,
    )


class _Builder:
    """Builds what lies between the release and the present; the copy of the project is made when it is first needed."""

    def __init__(self, chosen: Chosen, earlier: "Earlier", sources: "Sources", cores: int | None, folder: Path) -> None:
        self.chosen, self.earlier, self.sources, self.folder = chosen, earlier, sources, folder
        self.run = runner.Run(
            root=chosen.root, study=chosen.study.name, study_file=chosen.file, raw=chosen.raw, cores=cores
        )
        self.place: Any = None

    def without(self, link: "Link", links: Sequence["Link"]) -> "pd.DataFrame":
        """Return the statistics without what a link adds, nor those after it, which were taken back before."""
        from innosurvey.baseline.tidy import tidy_statistics
        from innosurvey.changes.causes import REVISION, UNITS
        from innosurvey.changes.place import Place

        if self.place is None:
            self.place = Place(self.run, self.chosen.study, self.earlier, self.sources, self.folder)
        click.echo(f"Building without {link.name} …", err=True)
        stays = UNITS in link.causes and any(one.causes == (REVISION,) for one in links)
        self.place.take_back(link, revision_stays=stays)
        contracts = yamlfile.read(self.chosen.root / cli_baseline.CONTRACTS).data
        least = self.chosen.study.programme["disclosure"]["minimum_n"]
        return tidy_statistics(self.place.build(), contracts, least)
