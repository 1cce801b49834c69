"""The certificate's plan: from its declarations to data sets, cases, and the fits that the models' own jobs make.

The models of the cases are read, planned and fitted exactly as those of a study: a data set stands where a cohort does,
and its models are one batch. Imports nothing heavy: the Snakefile asks at every start.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.certificate.cases import CaseColumn, CaseSpec, parse_cases
from innosurvey.certificate.data import KEYS_MADE, DataSpec, parse_data
from innosurvey.certificate.terms import fail_if_terms_are_misspelt
from innosurvey.datasets import fail_if_package_unknown, version_of
from innosurvey.errors import StudyError
from innosurvey.fingerprint import file_fingerprint
from innosurvey.groupings import EVERYONE
from innosurvey.models.estimators import ESTIMATORS
from innosurvey.models.parse import parse_model
from innosurvey.models.plan import Plan, PlanItem
from innosurvey.specs import fail_if_unknown_keys, mapping_at
from innosurvey.study import ROOT, Study

FAMILY = "certificate"
SECTION_KEYS = ("data", "cases")
LEAST = {"firms": 2, "df": 1}
"""The smallest sample of a textbook's example: that a survey's firms need more is for their protection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """The data sets and cases that are declared, and the fits of all models whose estimators there are."""

    data: Mapping[str, DataSpec]
    cases: Mapping[str, CaseSpec]
    plan: Plan

    @property
    def used(self) -> tuple[str, ...]:
        """The data sets that some model is fitted on, in their order."""
        needed = {item.cohort for item in self.plan}
        return tuple(name for name in self.data if name in needed)

    @property
    def columns(self) -> tuple[CaseColumn, ...]:
        """All models of all cases, in their order."""
        return tuple(column for case in self.cases.values() for column in case.columns)

    def needs(self, data: str) -> dict[str, tuple[str, ...]]:
        """Return the variables that the models read from one data set, by where each model is declared."""
        where = {column.id: column.where for column in self.columns}
        needs = {where[item.spec.id]: item.spec.variables for item in self.plan if item.cohort == data}
        return {place: tuple(name for name in names if name not in KEYS_MADE) for place, names in needs.items()}

    def words(self) -> dict[str, Any]:
        """Return what the report says of cases and data sets beside their numbers, as plain values."""
        return {
            "cases": {
                case.id: {
                    "title": case.title,
                    "source": case.source,
                    "note": case.note,
                    "columns": dict(case.titles),
                }
                for case in self.cases.values()
            },
            "estimators": {name: kind.called for name, kind in ESTIMATORS.items()},
            "data": {data.id: {"title": data.title, "note": data.note} for data in self.data.values()},
        }


def plan_certificate(section: Mapping[str, Any] | None) -> Certified:
    """Return the certificate of a study; an empty one where it has none. StudyError for what is not well declared."""
    section = mapping_at(section, "certificate")
    fail_if_unknown_keys(section, SECTION_KEYS, "certificate")
    data = parse_data(section.get("data"))
    for spec in data.values():
        if spec.package:
            fail_if_package_unknown(spec.package, spec.where)
    cases = parse_cases(section.get("cases"), data)
    columns = [column for case in cases.values() for column in case.columns]
    return Certified(data=data, cases=cases, plan=tuple(_item(column) for column in columns if not column.not_run))


def certificate_of(study: Study) -> Certified:
    """Return the certificate of a study.

    StudyError for a data set that is a file of the survey: what is certified is published without a look at how few
    firms stand behind it.
    """
    planned = plan_certificate(study.programme.get("certificate"))
    raw = (ROOT / study.raw).resolve()
    for spec in planned.data.values():
        if study.waves and spec.file and (ROOT / spec.file).resolve().is_relative_to(raw):
            raise StudyError(
                f"{spec.where}.file: {spec.file} is in the folder of the survey's raw files ({study.raw}).\n"
                "A certificate is for data sets that are published: nothing of it is held back for few firms."
            )
    return planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A data set, and the variables that models read from it, by where each model is declared."""

    spec: DataSpec
    needs: Mapping[str, tuple[str, ...]]


def used_data(section: Mapping[str, Any] | None) -> tuple[Asked, ...]:
    """Return the data sets that models are fitted on; none where the section can't be read, which is said elsewhere."""
    try:
        planned = plan_certificate(section)
    except StudyError:
        return ()
    return tuple(Asked(spec=planned.data[name], needs=planned.needs(name)) for name in planned.used)


def batch_of(data: str) -> str:
    """Return the id of the job that fits the models of a data set."""
    return f"{data}.{FAMILY}"


def version_used(spec: DataSpec) -> str:
    """Return what a data set depends on: the version of its package, or the checksum of its file."""
    return version_of(spec.package, spec.name) if spec.package else file_fingerprint(spec.file)


def _item(column: CaseColumn) -> PlanItem:
    """Return the fit of one model of a case; an error in its declaration says where that stands."""
    try:
        spec = parse_model(column.id, {"least": LEAST, **column.model, "family": FAMILY}, {})
    except StudyError as error:
        raise StudyError(str(error).replace(f"models.{column.id}", f"{column.where}.model")) from None
    if not spec.complementarity:  # whose combinations have names of their own
        variables = tuple(dict.fromkeys(factor.variable for factor in spec.factors))
        fail_if_terms_are_misspelt(column, variables, tuple(one.name for one in spec.hypotheses))
    return PlanItem(spec=spec, cohort=column.data, group=EVERYONE)
