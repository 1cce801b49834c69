"""The real Colombian firms that R and the package both estimate from, made by the pipeline's own functions.

The study's file says what is read, edited, carried over and derived; only the workflow around the functions is left
out. The study imputes nothing and its files carry no weights, so that no step is missing.
"""

from pathlib import Path

import pandas as pd

from innosurvey import codebook, files, study, tables, yamlfile
from innosurvey.clean import clean_survey, parse_edits, parse_localisation
from innosurvey.cohorts.assign import Cohorts, assign_cohorts
from innosurvey.cohorts.pool import with_bridge
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.derive import parse_derived
from innosurvey.dictionary import Dictionary
from innosurvey.harmonise.bridge import harmonise_waves
from innosurvey.harmonise.spec import parse_harmonise
from innosurvey.ingest import ingest_survey
from innosurvey.study import Study

OUTCOMES = ["inactive", "ongoing", "abandoned", "innovator_abandoned", "innovator"]
"""What became of the projects, the first being what the others are compared with."""
CHOSEN = (
    "firm_id", "wave", "industry", "industry_rev", "industry_class", "size_class", "employees_t", "log_employees",
    "tertiary_share", "exporter", "log_sales_per_employee", "rnd_performer", "rd_per_employee", "rd_expenditure",
    "support_any", "cooperation", "innovation_active_oslo4", "technical_innovation", "nontechnical_innovation",
    "product_innovation", "process_innovation", "innovator", "new_product_fraction", "ip_trademark", "emp_rnd",
    "barrier_demand", "barrier_own_funds",
)  # fmt: skip
"""The columns that the models use."""


class Quiet(pd.DataFrame):
    """Firms whose answers do not show in what pytest prints of a test that fails."""

    @property
    def _constructor(self) -> type["Quiet"]:
        return Quiet

    def __repr__(self) -> str:
        return f"{len(self)} firms"


def colombian_firms(root: Path, files: Path) -> Quiet:
    """Return the firms of the four waves with the columns of the models, yes and no as 1 and 0.

    There are no survey weights: employees weigh where weights are asked for (`weight_final`), as in estimates per
    employee, and industries are the strata. A firm is one unit over the waves, without strata.
    """
    colombia = study.read(*study.BASE, root / "resources/studies/colombia_edits.yaml")
    cohorts = _assigned(root, colombia, _waves(root, colombia, files))
    outcome = cohorts.memberships.set_index(["firm_id", "wave"])["group"]
    firms = cohorts.firms[list(CHOSEN)].join(outcome.rename("project_outcome"), on=["firm_id", "wave"])
    yes_or_no = firms.select_dtypes("boolean").columns
    classes = firms.groupby(["wave", "industry_class"], observed=True)["firm_id"]
    prepared = firms.astype(dict.fromkeys(yes_or_no, "Int64")).assign(
        group="all",
        project_outcome=pd.Categorical(firms["project_outcome"], categories=OUTCOMES),
        weight_final=firms["employees_t"].astype(float),
        stratum_id=firms["industry_class"].astype(str),
        sample_n_stratum=classes.transform("size"),
        pop_n_stratum=pd.array([pd.NA] * len(firms), dtype="Int64"),
        pooled_stratum="all",
        pooled_stratum_n=firms["firm_id"].nunique(),
    )
    return Quiet(prepared)


def _waves(root: Path, colombia: Study, files: Path) -> dict[str, pd.DataFrame]:
    """Return the waves' firms as they are after cleaning and harmonising, each standing for itself."""
    dictionary = _dictionary(root, colombia)
    edits = parse_edits(colombia.programme["edits"])
    doubts = parse_localisation(colombia.programme.get("localisation"), dictionary)
    cleaned = {}
    for wave, source in colombia.waves.items():
        book = codebook.from_yaml(yamlfile.read(root / source.codebook), dictionary)
        ingested = ingest_survey(files / source.file, book, wave)
        cleaned[wave] = clean_survey(ingested.table, edits, dictionary, book.asked_if, doubts).firms
    rules = parse_harmonise(colombia.harmonise, tuple(colombia.waves))
    crosswalks = {file: tables.read_codelist(root / file) for file in rules.files}
    bridge = harmonise_waves(cleaned, rules, crosswalks, {}).bridge
    return {wave: firms.assign(weight_final=1.0) for wave, firms in with_bridge(cleaned, bridge).items()}


def _assigned(root: Path, colombia: Study, waves: dict[str, pd.DataFrame]) -> Cohorts:
    """Return the pooled firms with the study's derived variables, and what became of their projects."""
    outcome = {"project_outcome": colombia.programme["cohorts"]["project_outcome"]}
    lists = tables.read_codelists(sorted(str(path) for path in (root / "resources/codelists").glob("*.csv")))
    derived = parse_derived(colombia.programme["derived"])
    return assign_cohorts(waves, parse_cohorts(outcome), derived, _dictionary(root, colombia), lists)


def _dictionary(root: Path, colombia: Study) -> Dictionary:
    return files.read_dictionary(root / "resources/dictionary/variables.csv", colombia.variables)
