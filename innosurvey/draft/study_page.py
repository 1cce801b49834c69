"""A first study file for raw files that have codebooks: waves by their last year, registers, no weights."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from innosurvey.draft.notation import scalar
from innosurvey.draft.words import plain
from innosurvey.errors import StudyError

UNKNOWN_COUNTRY, UNKNOWN_CURRENCY = "ZZ", "XXX"
"""The codes that ISO keeps for what is not said."""


NOTHING_IMPUTED = (
    "# A blank is imputed only where an answer was due, and no codebook says yet who was asked what (`asked_if:`).",
    "imputation: null   # remove this line when they do: docs/howto-imputation.md",
)


GROUPS_THAT_MAY_BE_EMPTY = (
    "# Many surveys leave out the smallest firms, or ask few of the largest.",
    "cohorts:",
    *(f"  {cohort}: {{may_be_empty: true}}" for cohort in ("size_cis", "size_kis", "stage_age")),
)
ALL_FIRMS = (
    "  # The programme compares certified firms; without certificates it is all firms.",
    *(f"  {cohort}: {{universe: null}}" for cohort in ("activity_oslo4", "activity_seoul")),
    "  outcome_oslo: {universe: innovator or inna_abandoned}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A raw file with its codebook: the file's name, the codebook's path, its table, the period of a survey, and
    whether it brings design weights, or certificates of innovative firms. `rows` is the column and the code of one wave
    among several in the file.
    """

    file: str
    codebook: str
    table: str
    period: tuple[str, str] | None
    weighted: bool = False
    certified: bool = False
    rows: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a study is called and where it is from."""

    name: str
    raw: str
    country: str = UNKNOWN_COUNTRY
    currency: str = UNKNOWN_CURRENCY


def study_page(identity: Identity, files: Sequence[Booked]) -> str:
    """Return the study file as YAML; StudyError when no file is a survey's, or two are of one wave."""
    waves = _waves([file for file in files if file.table == "survey"])
    registers = {_key(file): file for file in files if file.table != "survey"}
    last = max((file.period[1] for file in waves.values() if file.period), default="2000-12-31")
    guess = "   # CORRECT" if identity.country == UNKNOWN_COUNTRY else ""
    lines = [
        f"# Drafted. Correct what is marked, then: innosurvey check --study {identity.name}",
        f"study: {scalar(identity.name)}",
        "",
        "studies:",
        f"  {scalar(identity.name)}:",
        f"    title: {{en: {scalar(identity.name)}}}   # CORRECT: the title of the report",
        f"    country: {identity.country}{guess}",
        f"    currency: {identity.currency}{guess}",
        "    synthetic: false",
        '    attribution: "Source: to be named"   # CORRECT: as the data\'s owner wants to be named',
        f'    release: "{last}"   # CORRECT: the day on which these data were released',
        f"    raw: {scalar(identity.raw)}",
        *_sources("waves", waves),
        *_sources("registers", registers),
        f"    weights: {_weights(list(waves.values()))}",
        "",
        *NOTHING_IMPUTED,
        "",
        *GROUPS_THAT_MAY_BE_EMPTY,
        *([] if any(file.certified for file in files) else ALL_FIRMS),
    ]
    return "\n".join(lines) + "\n"


def _weights(waves: Sequence[Booked]) -> str:
    """Return the weights as YAML: given where every wave brings them."""
    if all(wave.weighted for wave in waves):
        return "{method: given}   # as the files bring them (weight_design)"
    return "{method: none}   # every firm stands for itself; weights in the file or from a frame: docs/howto-weights.md"


def _waves(files: Sequence[Booked]) -> dict[str, Booked]:
    if not files:
        raise StudyError(
            "none of the files has the codebook of a survey (`table: survey`).\n"
            "A study needs one wave at least: innosurvey codebook draft FILE --out …"
        )
    found: dict[str, Booked] = {}
    for file in files:
        key = file.period[1][:4] if file.period else _key(file)
        if key in found:
            raise StudyError(
                f"{file.codebook} and {found[key].codebook} are both about {key}.\n"
                "Correct `period:` in one of them, or write the study file by hand."
            )
        found[key] = file
    return dict(sorted(found.items()))


def _key(file: Booked) -> str:
    if file.rows:
        return re.sub(r"[^\w-]+", "_", file.rows[1])
    if file.table == "frame":
        return "frame"
    stem = file.file.rsplit(".", 1)[0]
    return re.sub(r"[^\w-]+", "_", plain(stem)).strip("_") or "register"


def _sources(name: str, sources: Mapping[str, Booked]) -> list[str]:
    if not sources:
        return []
    lines = [f'      "{key}": {{{_source(file)}}}{_doubt(file)}' for key, file in sources.items()]
    return [f"    {name}:", *lines]


def _source(file: Booked) -> str:
    said = f"file: {scalar(file.file)}, codebook: {scalar(file.codebook)}"
    if file.rows:
        said += f", rows: {{column: {scalar(file.rows[0])}, is: {scalar(file.rows[1])}}}"
        said += f", period: [{', '.join(file.period)}]" if file.period else ""
    return said


def _doubt(file: Booked) -> str:
    if not file.rows:
        return ""
    add = "" if file.period else " add `period: [first day, last day]`,"
    return f"   # CORRECT:{add} the period that the answers are about"
