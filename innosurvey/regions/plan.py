"""All tables about regions, from one reading of the slice of their cohort.

With multiple imputation each draw is counted as a survey of its own, and the estimates are combined. What is withheld
is settled first, by the fewest firms of any draw: what is made of several regions at once must not tell of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from innosurvey import draws
from innosurvey.design import DesignRules
from innosurvey.estimate import NAN, POOLED, Setting, sample_settings
from innosurvey.kept import Kept
from innosurvey.multiple import combined_statistics
from innosurvey.multiplicity import benjamini_hochberg
from innosurvey.regions import concentration, counts, profiles, types
from innosurvey.regions.counts import Counted, Located, counted_by, located
from innosurvey.regions.moran import moran
from innosurvey.regions.places import Places
from innosurvey.regions.profiles import Profiles
from innosurvey.regions.spec import RegionsSpec
from innosurvey.regions.withheld import Cells, Withheld, withheld_of
from innosurvey.sample import FullSample

Patterns = Mapping[str, Withheld]
INTERNAL = ["df", "size", "deff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked, of which places; numbers that fewer than `minimum_n` firms stand behind are withheld."""

    spec: RegionsSpec
    places: Places
    rules: DesignRules
    minimum_n: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draw:
    """One completed survey: its slice, the region of each row, its settings, its measures."""

    firms: pd.DataFrame
    regions: np.ndarray
    settings: tuple[Setting, ...]
    measures: Mapping[str, Counted]

    def located(self, measure: str, setting: Setting) -> Located:
        """Return the firms that a measure is about in a setting."""
        return located(self.measures[measure], self.regions, setting)


def map_regions(
    request: Request,
    firms: pd.DataFrame,
    sample: FullSample | None = None,
    listed: pd.DataFrame | None = None,
    kept: Kept | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables `regions`, `concentration`, `region_profiles` and `region_types`.

    `firms` is the slice of the regions' cohort, `sample` all firms that answered, `listed` the sampling frame with
    waves and the codes of regions (None without one). What `kept` has of the types that the run before found is not
    found again.
    """
    completed = [_draw(request, part, sample) for part in draws.split(firms)]
    hidden = _patterns(request, completed)
    placed = _placed(request, completed, listed, hidden)
    found = {"regions": placed, "concentration": _concentrated(request, completed, placed, hidden)}
    return found | _sorted_into_types(request, completed, kept or Kept())


def _draw(request: Request, firms: pd.DataFrame, sample: FullSample | None) -> Draw:
    return Draw(
        firms=firms,
        regions=firms["group"].astype("str").to_numpy(),
        settings=tuple(sample_settings(firms, request.rules, sample)),
        measures=counted_by(request.spec.measures, firms),
    )


def _patterns(request: Request, completed: Sequence[Draw]) -> dict[str, Withheld]:
    """Return what is withheld of each measure where the waves are pooled."""
    found: dict[str, Withheld] = {}
    for measure in request.spec.measures:
        here = [draw.located(measure.id, setting) for draw in completed for setting in draw.settings[-1:]]
        counted = [
            {name: one.firms((one.inside((name,)) * one.y) > 0) for name in request.places.regions} for one in here
        ]
        cells = Cells(
            counted=_fewest(counted, request.places),
            rest=_fewest([counts.rest_of(one, request.places) for one in here], request.places),
        )
        whole = found.get(measure.among, Withheld())
        found[measure.id] = withheld_of(cells, request.places, request.minimum_n, whole)
    return found


def _fewest(parts: Sequence[Mapping[str, int]], places: Places) -> dict[str, int]:
    return {name: min((part[name] for part in parts), default=0) for name in places.regions}


def _placed(request: Request, completed: Sequence[Draw], listed: pd.DataFrame | None, hidden: Patterns) -> pd.DataFrame:
    """Return the table `regions`: the frame's firms, then each measure by wave and place."""
    parts = [
        [
            row
            for setting in draw.settings
            for measure in request.spec.measures
            for row in counts.count_rows(
                measure, draw.located(measure.id, setting), setting.wave, request.places, request.rules
            )
        ]
        for draw in completed
    ]
    estimated = _combine(parts, counts.COLUMNS, counts.KEY, request.rules)
    frame = counts.listed_rows(listed, request.places)
    patterns = {**hidden, counts.FRAME: _pattern_of_frame(frame, request)}
    counted = pd.DataFrame(frame, columns=list(counts.COLUMNS)).astype({"reliability": "str"})
    table = pd.concat([counted, estimated]) if frame else estimated
    withheld = [
        wave != POOLED or patterns[measure].covers(level, region)
        for measure, wave, level, region in zip(
            table["measure"], table["wave"], table["level"], table["region"], strict=True
        )
    ]
    tested = counts.with_tests(table.assign(withheld=withheld).reset_index(drop=True))
    return tested.drop(columns=INTERNAL)


def _pattern_of_frame(rows: Sequence[Mapping[str, object]], request: Request) -> Withheld:
    """Return what is withheld of the frame's counts."""
    pooled = {
        str(row["region"]): int(str(row["n"]))
        for row in rows
        if (row["wave"], row["level"], row["statistic"]) == (POOLED, "region", "count")
    }
    if not pooled:
        return Withheld()
    return withheld_of(Cells(counted=pooled, rest={}), request.places, request.minimum_n)


def _concentrated(request: Request, completed: Sequence[Draw], placed: pd.DataFrame, hidden: Patterns) -> pd.DataFrame:
    """Return the table `concentration`: the indices of each measure by wave, then Moran's I."""
    parts = [
        [
            row
            for setting in draw.settings
            for measure in request.spec.measures
            for row in concentration.concentration_rows(
                (measure.id, setting.wave),
                draw.located(measure.id, setting),
                _hidden(request, hidden[measure.id] if setting.wave == POOLED else Withheld()),
                request.rules,
            )
        ]
        for draw in completed
    ]
    indices = _combine(parts, concentration.COLUMNS, concentration.KEY, request.rules)
    indices = indices.drop(columns=INTERNAL)
    alike = pd.DataFrame(_moran_rows(request, placed), columns=list(concentration.COLUMNS))
    table = pd.concat([indices, alike]) if len(alike) else indices
    whole = table["permutations"].astype("Int64")
    made = table.assign(withheld=table["wave"] != POOLED, permutations=whole).reset_index(drop=True)
    for _, family in made[made["p_two_sided"].notna()].groupby("wave", sort=False):
        made.loc[family.index, "p_adjusted"] = benjamini_hochberg(family["p_two_sided"].to_numpy(dtype=float))
    return made


def _hidden(request: Request, withheld: Withheld) -> dict[str, bool]:
    """Return for each region, in order, whether it is withheld."""
    return {name: name in withheld.regions for name in request.places.regions}


def _moran_rows(request: Request, placed: pd.DataFrame) -> list[dict[str, object]]:
    """Return Moran's I of each measure by wave: of its quotients, or of its counts where it counts all firms."""
    if not request.places.neighbours:
        return []
    rows = placed[(placed["level"] == "region") & (placed["source"] == "sample")]
    told = rows[(rows["wave"] != POOLED) | ~rows["withheld"]]
    by_place = dict(list(told.groupby(["wave", "measure", "statistic"], sort=False)))
    return [
        _moran_row(request, (wave, measure.id), by_place.get((wave, measure.id, of), told.iloc[:0]))
        for wave in dict.fromkeys(rows["wave"])
        for measure in request.spec.measures
        for of in ("quotient" if measure.is_part else "count",)
    ]


def _moran_row(request: Request, key: tuple[str, str], told: pd.DataFrame) -> dict[str, object]:
    """Return Moran's I of the values that are told of."""
    spec, values = request.spec, dict(zip(told["region"], told["estimate"].astype(float), strict=True))
    found = moran(values, request.places.neighbours, spec.permutations, spec.seed)
    return {
        **dict.fromkeys(concentration.COLUMNS, NAN),
        "measure": key[1],
        "wave": key[0],
        "statistic": "moran",
        "n": int(told["n"].sum()),
        "regions": found.regions,
        "merged": 0,
        "estimate": found.index,
        "expected": found.expected,
        "p_greater": found.p_greater,
        "p_two_sided": found.p_two_sided,
        "permutations": spec.permutations,
        "status": found.status,
    }


def _combine(
    parts: Sequence[list[dict[str, object]]], columns: Sequence[str], key: Sequence[str], rules: DesignRules
) -> pd.DataFrame:
    """Return the rows of the draws as one table, its internal columns too; with several draws it has `fmi`."""
    tables = [pd.DataFrame(part, columns=[*columns, *INTERNAL]) for part in parts]
    return tables[0] if len(tables) == 1 else combined_statistics(tables, list(key), rules)


def _sorted_into_types(request: Request, completed: Sequence[Draw], kept: Kept) -> dict[str, pd.DataFrame]:
    """Return the tables `region_profiles` and `region_types`, without rows where no types are asked for."""
    asked, rows, tests = request.spec.types, list[dict[str, object]](), list[dict[str, object]]()
    level = "" if asked is None else asked.by.removesuffix("s")
    for found in _profiles(request, completed):
        if asked is None:
            break
        basis = (found, asked, request.spec.seed)
        sorted_ = kept.of(partial(types.types_of, *basis), *basis)
        named = _named(found, sorted_)
        rows += [
            {**row, **named.get(str(row["region"]), {})} for row in profiles.profile_rows(found, level, request.rules)
        ]
        tests.append(_test_row(found, sorted_, level))
    return {
        "region_profiles": pd.DataFrame(rows, columns=list(profiles.COLUMNS)),
        "region_types": pd.DataFrame(tests, columns=list(types.COLUMNS)),
    }


def _profiles(request: Request, completed: Sequence[Draw]) -> list[Profiles]:
    """Return the profiles of each wave and of all, those of the draws combined."""
    asked = request.spec.types
    if asked is None:
        return []
    by_draw = [
        [
            profiles.profiles_of(asked, draw.firms, profiles.members_of(asked, request.places, draw.regions), setting)
            for setting in draw.settings
        ]
        for draw in completed
    ]
    return [profiles.combined(parts) for parts in zip(*by_draw, strict=True)]


def _named(found: Profiles, sorted_: types.Types) -> dict[str, dict[str, object]]:
    """Return type and leaning of each region, where types can be told apart."""
    if sorted_.verdict != types.SEPARABLE:
        return {}
    leans = types.leaning(found, sorted_)
    return {
        region: {"type": str(number), "leans_to": leans[number]}
        for region, number in zip(found.regions, sorted_.group, strict=True)
    }


def _test_row(found: Profiles, sorted_: types.Types, level: str) -> dict[str, object]:
    fewest = min((found.n[region, link] for region in found.regions for link in found.links), default=0)
    return {
        "level": level,
        "wave": found.wave,
        "n": fewest,
        "regions": len(found.regions),
        "groups": max(sorted_.group, default=0),
        "value": sorted_.value,
        "df1": sorted_.df1,
        "df2": sorted_.df2,
        "p": sorted_.p,
        "silhouette": sorted_.silhouette,
        "stability": sorted_.stability,
        "verdict": sorted_.verdict,
        "status": sorted_.status,
    }
