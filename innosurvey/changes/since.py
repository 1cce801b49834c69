"""All that changed since a release, put together; what lies between is built in a temporary folder."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd

from innosurvey import cli_baseline, runner, yamlfile
from innosurvey.baseline import store
from innosurvey.baseline.classify import classify, parse_tolerances
from innosurvey.baseline.release import Release, what_differs
from innosurvey.baseline.summary import causes_in_words, summarise
from innosurvey.baseline.tidy import tidy_statistics
from innosurvey.changes.causes import REVISION, UNITS, Link, links_of, walk
from innosurvey.changes.distributions import largest_moves
from innosurvey.changes.earlier import Earlier, earlier_of
from innosurvey.changes.found import causes_that_differ, columns_that_differ, settings_of_both
from innosurvey.changes.page import Changes
from innosurvey.changes.place import Place
from innosurvey.changes.schema import settings_that_differ
from innosurvey.changes.sources import Sources, compare_sources
from innosurvey.changes.split import split
from innosurvey.cli_baseline import Chosen

MOVES = 20
"""How many of the largest moves of distributions are told."""


def changes_since(
    chosen: Chosen, release: Release, raw_before: Path | None, cores: int | None, say: Callable[[str], None]
) -> Changes:
    """Return all that changed since a release; `say` is told of each build. StudyError where something that the release
    was made from is not to be had."""
    raw_folders = [*([raw_before.resolve()] if raw_before else []), chosen.root / chosen.study.raw]
    with tempfile.TemporaryDirectory(prefix="innosurvey changes ") as temporary:
        folder = Path(temporary)
        earlier = earlier_of(release, chosen.root, chosen.file, tuple(raw_folders), folder / "then")
        sources = compare_sources(chosen.study, earlier, chosen.root, chosen.results, folder / "read")
        place = cache(lambda: Place(_run_of(chosen, cores), chosen.study, earlier, sources, folder / "project"))
        return _split_up(chosen, earlier, sources, place, say)


def _split_up(
    chosen: Chosen, earlier: Earlier, sources: Sources, place: Callable[[], Place], say: Callable[[str], None]
) -> Changes:
    """Return the changes; `place` makes the copy of the project when it is first asked for it."""
    release, programme = earlier.release, chosen.study.programme
    basis, least = cli_baseline.basis_of(chosen), programme["disclosure"]["minimum_n"]
    before, after = store.read(release, chosen.root), cli_baseline.statistics_of(chosen)
    links = links_of(causes_that_differ(chosen.study, chosen.root, basis, earlier, sources), sources.few(least))
    contracts = yamlfile.read(chosen.root / cli_baseline.CONTRACTS).data

    def without(link: Link) -> pd.DataFrame:
        say(f"Building without {link.name} …")
        place().take_back(link, revision_stays=UNITS in link.causes and Link(causes=(REVISION,)) in links)
        return tidy_statistics(place().build(), contracts, least)

    told, states = walk(links, after, without)
    return Changes(
        release=release,
        rests_on=causes_in_words(what_differs(release.basis, basis)),
        columns=columns_that_differ(chosen.study, chosen.root, earlier),
        settings=list(settings_that_differ(*settings_of_both(chosen.study, earlier))),
        sources={f"{one.now.kind} {one.now.name}": one.units for one in sources.changed},
        new=sources.new,
        moves=largest_moves(before, after, MOVES),
        outcomes=_outcomes(chosen, release, before, after),
        split=split(told, before, states),
        claims={claim: said["title"]["en"] for claim, said in (programme.get("claims") or {}).items()},
        least=least,
    )


def _outcomes(chosen: Chosen, release: Release, before: pd.DataFrame, after: pd.DataFrame) -> dict[str, int]:
    """Return how many statistics are identical, changed and so on, as `compare` counts them."""
    level = cli_baseline.level_of(chosen.study)
    tolerances = parse_tolerances((chosen.study.programme.get("validation") or {}).get("tolerances"))
    return dict(summarise(classify(before, after, tolerances, level), release, {}, level, 0).counts)


def _run_of(chosen: Chosen, cores: int | None) -> runner.Run:
    return runner.Run(root=chosen.root, study=chosen.study.name, study_file=chosen.file, raw=chosen.raw, cores=cores)
