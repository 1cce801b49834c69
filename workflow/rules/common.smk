# Names that all stages share: the study and what it can feed, fingerprints of code and data, the lists of files to make.
import os
from functools import cache

from innosurvey import certified, coverage, fingerprint, languages, provenance, study, warm
from innosurvey.changes import recorded
from innosurvey.configured import configured
from innosurvey.harmonise.spec import parse_harmonise
from innosurvey.models import plan, plan_curves
from innosurvey.reference.spec import reference_files
from innosurvey.report.drawn import DRAWN
from innosurvey.setting import package_setting, study_as_read

os.environ.update(warm.STEADY)

# The study is read once, and by the reader that refuses keys written twice: `configfile:` would read config.yaml again, for half a second.
CONFIGURED = configured(*map(str, workflow.overwrite_configfiles), raw=config.get("raw"))
STUDY = CONFIGURED.study
PROGRAMME = STUDY.programme

# What the study's variables can feed: only jobs that can run are planned; the rest is listed in the report's annex.
COVERAGE = CONFIGURED.coverage
HARMONISE = parse_harmonise(STUDY.harmonise, STUDY.waves)
COHORTS = list(COVERAGE.cohorts)
ITEMS = {item: PROGRAMME["describe"][item] for item in COVERAGE.items}
CURVES = {curve: PROGRAMME["curves"][curve] for curve in COVERAGE.curves}
CURVED = list(dict.fromkeys(curve["cohort"] for curve in CURVES.values()))
PLAN = plan.plan_fits(COVERAGE.models, COVERAGE.groups, list(STUDY.waves))
BATCHES = list(plan.batches(PLAN))
QUESTIONS = plan_curves.plan_curves(COVERAGE.robustness, COVERAGE.groups, list(STUDY.waves))
ASKED = list(plan_curves.curve_batches(QUESTIONS))
CERTIFIED = certified.certificate_of(STUDY)
FITTED = (*PLAN, *CERTIFIED.plan)  # the models of the certificate are fitted as all others
REPLICATED = [] if PROGRAMME["design"].get("variance", "taylor") == "taylor" else list(STUDY.waves)
REFERENCE = reference_files(STUDY.reference)
REGIONS = COVERAGE.regions
RECORD = recorded.files_of(study.ROOT, STUDY.name)
LINKED = {register: source.link for register, source in STUDY.registers.items() if source.link}


@cache
def contrasts_of(cohort):
    """Return by section what is compared, ranked and decomposed in one cohort, with the items that can be had."""
    return coverage.available_contrasts(PROGRAMME, COVERAGE, cohort)


COMPARED = [cohort for cohort in COHORTS if any(contrasts_of(cohort).values())]

# What the report is made of.
ROBUSTNESS = ["specifications", "specification_tests", "main_answers", "leave_out", "influence", "selection_bounds"]
PLACED = ["regions", "concentration", "region_profiles", "region_types"]
CONTRASTED = ["compare", "unweighted", "omnibus", "omnibus_unweighted", "ranks", "ranks_unweighted", "adjusted"]
CONTRASTED += ["decompositions"]
MODELLED = ["fits", "coefficients", "waterfall", "diagnostics", "balance"]
BY_WAVE = {
    "link": ["link/"],
    "ledger": ["ingest/", "link/ledger_", "clean/"],
    "screen": ["screen/"],
    "imputation": ["impute/"],
    "scores": ["scores/"],
    "weights": ["weight/"],
    "weighting": ["weight/steps_"],
    "calibration": ["calibration/"],
}
PARTS = {
    "describe": [f"describe/{cohort}" for cohort in COHORTS],
    **{table: [f"compare/{cohort}/{table}" for cohort in COMPARED] for table in CONTRASTED},
    **{table: [f"regions/{table}"] if REGIONS else [] for table in PLACED},
    **{table: [f"models/{batch}/{table}" for batch in BATCHES] for table in MODELLED},
    **{table: [f"robustness/{batch}/{table}" for batch in ASKED] for table in ROBUSTNESS},
    **{table: [f"{part}{wave}" for part in parts for wave in STUDY.waves] for table, parts in BY_WAVE.items()},
}
"""What jobs leave behind, below `estimates`, of the tables that are put together from it."""
COUNTED = [table for table in PARTS if table not in ("waterfall", "scores")]
COUNTED += ["cohorts", "availability", "harmonise", "nonresponse"]
UNTOLD = ("imputation", "harmonise")  # the quality report tells of them in its indicators
JUDGED = ["compare", "unweighted", "adjusted", "omnibus", "omnibus_unweighted", "ranks", "ranks_unweighted"]
JUDGED += ["coefficients", "fits"]
REPORTED = [table for table in COUNTED if table not in UNTOLD] + [
    "curves",
    "definitions",
    "overlaps",
    "claims",
    "hypotheses",
    "policy",
    "recommendations",
    "quality",
]
CONTEXT = ["series", "arithmetic", "ratios"] if REFERENCE else []
TOLD = ["causes", "changed_numbers", "revisions"]  # without a row where nothing is recorded
REPORTED += CONTEXT + TOLD
PROOF = ["certificate", "certificate_cases", "certificate_counts", "certificate_data"] if CERTIFIED.plan else []
REPORTED = [*REPORTED, *PROOF] if STUDY.waves else PROOF  # a study without a survey has its certificate alone
FIGURED = [table for table in REPORTED if table in DRAWN]
LANGUAGES = PROGRAMME["report"]["languages"]
CODEBOOK_LANGUAGES = languages.languages_of_codebooks(study.ROOT)
SETTING = CONFIGURED.setting
FONTS = ["resources/fonts/NotoSansKR-Regular.ttf", "resources/fonts/NotoSansKR-Bold.ttf"]


@cache
def code(script):
    """Return the fingerprint of a script and the package modules it reaches."""
    return fingerprint.code_fingerprint(script, study.ROOT)


@cache
def checksum(path):
    """Return the sha256 of a file that no step makes."""
    return fingerprint.file_fingerprint(path)


def given(rule):
    """Return a function of wildcards: the checksums of the inputs of a rule that no step makes, such as codebooks.

    Snakemake looks at the content of such a file only where it is newer than the output; an older copy that is put back
    would pass unseen. It forgets parameters that are made of the job's `input`, so that the rule is asked for it.
    """

    def sources(wildcards):
        inputs = workflow.get_rule(rule).expand_input(dict(wildcards.items()))[0]
        return {path: checksum(path) for path in map(str, inputs) if not path.startswith(f"results/{STUDY.name}/")}

    return sources


def keep(rule, of):
    """Return the file or folder in which a rule keeps what it made for the next run, for one value of a wildcard."""
    return os.path.join(f"results/{STUDY.name}/kept", rule, of)


def checksums():
    """Return the raw files' checksums by their names."""
    return {
        source.file: checksum(STUDY.raw_file(source)) for source in [*STUDY.waves.values(), *STUDY.registers.values()]
    }


def items_for(cohort):
    """Return the items that are estimated in the groups of one cohort."""
    return {item: entry for item, entry in ITEMS.items() if cohort not in entry.get("not_for", [])}


def stages_framed():
    """Return the stages of the policy frame, in their order; none where the study cannot have them."""
    return list(COVERAGE.groups.get((PROGRAMME.get("policy") or {}).get("stage"), ()))


def waves_before(wave):
    """Return the wave that stands before this one, as a list; an empty one for the first."""
    names = list(STUDY.waves)
    return names[: names.index(wave)][-1:]


@cache
def slice_columns():
    """Return the variables that each slice holds beside keys and design, by its name below `slices/`."""
    described = coverage.columns_described(PROGRAMME, COVERAGE)
    modelled = {f"models/{batch}": list(plan.columns_needed(plan.models_in(PLAN, batch))) for batch in BATCHES}
    asked = {
        f"robustness/{batch}": list(plan_curves.columns_of_curves(plan_curves.curves_in(QUESTIONS, batch)))
        for batch in ASKED
    }
    placed = {f"regions/{REGIONS.cohort}": list(REGIONS.variables)} if REGIONS else {}
    return {**{cohort: described for cohort in COHORTS}, **placed, **modelled, **asked}


def certified_file(data):
    """Return the file of a data set of the certificate; nothing for one of a package."""
    file = CERTIFIED.data[data].file
    return [file] if file else []


def certified_sources():
    """Return the version of each package, and the checksum of each file, that the certificate has its data from."""
    specs = [CERTIFIED.data[name] for name in CERTIFIED.used]
    return {spec.file or f"{spec.package}: {spec.name}": certified.version_used(spec) for spec in specs}


def region_lists():
    """Return the lists behind the regions: their code list and their neighbours."""
    if REGIONS is None:
        return []
    return [COVERAGE.cohorts[REGIONS.cohort].lookup.path, *filter(None, [REGIONS.neighbours])]


def frame_files():
    """Return the frame, where it says in which region a firm is."""
    if REGIONS is None or "frame" not in STUDY.registers:
        return []
    return ["<results>/microdata/ingest/register_frame.parquet"]


def sample_files():
    """Return the tables of all firms that answered: calibrated weights, replicates and the finite population of pooled
    waves need those outside a slice, too.
    """
    return {
        "design": expand("<results>/microdata/weight/design_{wave}.parquet", wave=STUDY.waves),
        "calibrated": expand("<results>/microdata/weight/calibration_{wave}.parquet", wave=STUDY.waves),
        "replicates": expand("<results>/microdata/weight/replicates_{wave}.parquet", wave=REPLICATED),
        "pooled": "<results>/microdata/weight/pooled.parquet",
    }


def flag_columns():
    """Return the flags of all variables of the study, with the keys of a row."""
    names = sorted(set().union(*COVERAGE.variables.values()))
    return ["_source_row", "wave", "firm_id", *[f"{name}_flag" for name in names]]


def slice_files():
    """Return every slice. They are named in `all`: Snakemake does not remake a deleted file whose consumers exist."""
    return [f"<results>/microdata/slices/{name}.parquet" for name in slice_columns()]


def certified_slices():
    """Return the slices of the certificate's data sets."""
    return [f"<results>/microdata/slices/models/{certified.batch_of(data)}.parquet" for data in CERTIFIED.used]


def counted_files():
    """Return the counts that are taken from microdata. Made in the data phase, equal counts stop a change."""
    if not STUDY.waves:
        return []
    screened = [f"<results>/estimates/{table}/{wave}.csv" for table in ("screen", "scores") for wave in STUDY.waves]
    return [*screened, "<results>/estimates/nonresponse.csv"]


def estimate_files():
    """Return the study's tidy estimates."""
    if not STUDY.waves:
        return [f"<results>/estimates/{table}.csv" for table in PROOF]
    others = [
        "curves",
        "claims",
        "hypotheses",
        "policy",
        "recommendations",
        "harmonise",
        "cohorts",
        "definitions",
        "overlaps",
        "availability",
        "quality",
        "nonresponse",
    ]
    return [f"<results>/estimates/{table}.csv" for table in [*PARTS, *others, *CONTEXT, *TOLD, *PROOF]]


def rendered_files():
    """Return what is written and drawn of a study: all that the list of outputs lists."""
    return [
        "<results>/rendered/tables.json",
        *[f"<results>/rendered/figures.{language}.json" for language in LANGUAGES],
        *[
            f"<results>/rendered/report.{language}.{ending}"
            for language in LANGUAGES
            for ending in ("html", "pdf", "docx")
        ],
        *[f"<results>/rendered/tables.{language}.xlsx" for language in LANGUAGES],
        *[f"<results>/rendered/latex.{language}.json" for language in LANGUAGES],
        *[f"<results>/rendered/codebook.{language}.html" for language in CODEBOOK_LANGUAGES if STUDY.waves],
        "<results>/rendered/datapackage.json",
    ]


def report_files():
    """Return what the report consists of, with the list of it."""
    return [*rendered_files(), "<results>/rendered/index.html"]


def last_files():
    """Return what is made after the list of the report: what the last look says, and what all was made from."""
    names = ("checks.json", "workflow.smk", "ro-crate-metadata.json", "manifest.json")
    return [f"<results>/rendered/{name}" for name in names]


def inspected_files():
    """Return what the report consists of, with what the last look says of it."""
    return [*report_files(), *last_files()]


def published_files():
    """Return everything that a build must leave behind: what was rendered, published as it is."""
    return [path.replace("<results>/rendered", "<results>/publish") for path in inspected_files()]


def published_folders():
    """Return the folders of what is published."""
    by_language = [f"<results>/publish/{name}.{language}" for name in ("figures", "latex") for language in LANGUAGES]
    return ["<results>/publish/tables", *by_language]


def files_in(folder, *endings):
    """Return the files of a folder of the project with these endings."""
    paths = [path for path in (study.ROOT / folder).rglob("*") if path.name.endswith(endings)]
    return sorted(str(path.relative_to(study.ROOT)) for path in paths)


def codelist_files():
    """Return the code lists of the project."""
    return files_in("resources/codelists", ".csv")


def section_files(language):
    """Return the templates of the report's sections in a language."""
    return files_in("workflow/report/sections", f".{language}.md.j2")


def layout_files():
    """Return the report's layouts: page, typesetting, style, script."""
    layouts = files_in("workflow/report", ".j2", ".typ", ".css", ".js")
    return [path for path in layouts if "/sections/" not in path]


def told():
    """Return what the research object tells of beside inputs and rules: the study, its raw files, the software."""
    waves = {f"waves.{wave}": source.file for wave, source in STUDY.waves.items()}
    registers = {f"registers.{register}": source.file for register, source in STUDY.registers.items()}
    texts = [(study.ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "pyproject.toml")]
    return {
        "study": {**package_setting(STUDY, {}), "version": SETTING["version"]},
        "raw": {**waves, **registers},
        "software": provenance.pinned(*texts),
    }


def shown(path):
    """Return the name of an input without what tells of this machine."""
    raw = {STUDY.raw_file(source): source.file for source in [*STUDY.waves.values(), *STUDY.registers.values()]}
    return provenance.shown_name(path, study.ROOT, raw)


@cache
def rules_used():
    """Return the rules that make this study's estimates and report, with what they read and write."""
    results = f"results/{STUDY.name}"
    targets = [path.replace("<results>", results) for path in [*inspected_files(), *estimate_files()]]
    return provenance.rules_behind(targets, list(workflow.rules), results, shown, code)


def inputs_used():
    """Return the checksums of all files that no step makes: what rules read, the configuration, the environment."""
    configured = [*study.BASE, *map(str, workflow.overwrite_configfiles), study.ROOT / "requirements.lock"]
    configured += [*files_in("workflow/schemas", ".yaml"), *([REGIONS.tiles] if REGIONS and REGIONS.tiles else [])]
    read = {path for rule in rules_used().values() for path in rule["reads"]}
    raw = {
        f"raw/{source.file}": STUDY.raw_file(source) for source in [*STUDY.waves.values(), *STUDY.registers.values()]
    }
    named = {shown(str(path)): path for path in configured}
    return {name: checksum(named.get(name) or raw.get(name) or name) for name in sorted({*read, *named})}
