# Names that every rule file shares: the study, the results folder, fingerprints of code and data, and the lists of files to make.
import os

from innosurvey import coverage, fingerprint, setting, study
from innosurvey.models import plan

# Numerical libraries in the scripts: one thread each, so that results don't depend on the machine's cores; nothing from clock, zone or hash seed.
os.environ.update(
    {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")},
    TZ="UTC",
    LC_ALL="C.UTF-8",
    PYTHONHASHSEED="0",
    MPLBACKEND="Agg",
)

CONFIG_FILES = [*study.BASE, *map(str, workflow.overwrite_configfiles)]
STUDY = study.read(*CONFIG_FILES, raw=config.get("raw"))
PROGRAMME = STUDY.programme


pathvars:
    results=f"results/{STUDY.name}",


wildcard_constraints:
    wave="|".join(STUDY.waves),
    register="|".join(STUDY.registers) or "none",
    cohort="[a-z0-9_]+",
    batch="[a-z0-9_]+\\.[a-z0-9_]+",


def code(script):
    """Return the fingerprint of a script and the package modules it reaches."""
    return fingerprint.code_fingerprint(script, study.ROOT)


def checksum(source):
    """Return the sha256 of a raw file: one replaced by an older file is seen, too."""
    return fingerprint.file_fingerprint(STUDY.raw_file(source))


# What the study's variables can feed: only jobs that can run are planned; the rest is listed in the report's annex.
COVERAGE = coverage.cover(STUDY, study.ROOT)
COHORTS = list(COVERAGE.cohorts)
PLAN = plan.plan_fits(COVERAGE.models, COVERAGE.groups)
BATCHES = list(plan.batches(PLAN))
LINKED = {register: source.link for register, source in STUDY.registers.items() if source.link}
ITEMS = {item: PROGRAMME["describe"][item] for item in COVERAGE.items}


def comparisons_of(cohort):
    """Return the comparisons of one cohort that can be had, with the items that can."""
    return coverage.available_comparisons(PROGRAMME["compare"], COVERAGE, cohort)


COMPARED = [cohort for cohort in COHORTS if comparisons_of(cohort)]


def slice_columns():
    """Return the variables that each slice holds beside keys and design, by its name below `slices/`."""
    return {
        **{cohort: coverage.columns_described(PROGRAMME["describe"], COVERAGE) for cohort in COHORTS},
        **{f"models/{batch}": list(plan.columns_needed(plan.models_in(PLAN, batch))) for batch in BATCHES},
    }


def codelist_files():
    """Return the code lists of the project."""
    return files_in("resources/codelists", ".csv")


def slice_files():
    """Return every slice: named in `all`, because Snakemake does not remake a deleted file whose consumers exist."""
    return [f"<results>/microdata/slices/{name}.parquet" for name in slice_columns()]


def estimate_files():
    """Return the study's tidy estimates."""
    names = ["describe", "compare", "fits", "coefficients", "waterfall", "link", "ledger", "weights"]
    return [f"<results>/estimates/{name}.csv" for name in names]


def files_in(folder, *endings):
    """Return the files of a folder of the project with these endings."""
    paths = (study.ROOT / folder).rglob("*")
    return sorted(str(path.relative_to(study.ROOT)) for path in paths if path.name.endswith(endings))


def section_files():
    """Return the templates of the report's sections."""
    return files_in("workflow/report/sections", ".md.j2")


def layout_files():
    """Return the report's layouts: page, typesetting, style, script."""
    return [path for path in files_in("workflow/report", ".j2", ".typ", ".css", ".js") if "/sections/" not in path]
