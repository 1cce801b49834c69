# The pipeline's contents page: raw survey files become a validated report, one stage a file, in the order of the flow (docs/architecture.md).
from snakemake.utils import min_version

min_version("9.27")


container: "docker://python:3.12-slim"


include: "workflow/rules/common.smk"


pathvars:
    results=f"results/{STUDY.name}",


wildcard_constraints:
    wave="|".join(STUDY.waves) or "none",
    register="|".join(STUDY.registers) or "none",
    cohort="[a-z0-9_]+",
    data="|".join(CERTIFIED.data) or "none",
    batch="[a-z0-9_]+[.][a-z0-9_]+",


include: "workflow/rules/ingest.smk"
include: "workflow/rules/link.smk"
include: "workflow/rules/clean.smk"
include: "workflow/rules/screen.smk"
include: "workflow/rules/impute.smk"
include: "workflow/rules/weight.smk"
include: "workflow/rules/harmonise.smk"
include: "workflow/rules/cohorts.smk"
include: "workflow/rules/describe.smk"
include: "workflow/rules/compare.smk"
include: "workflow/rules/regions.smk"
include: "workflow/rules/models.smk"
include: "workflow/rules/gather.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/policy.smk"
include: "workflow/rules/changes.smk"
include: "workflow/rules/quality.smk"
include: "workflow/rules/reference.smk"
include: "workflow/rules/certificate.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/validate.smk"


rule all:
    default_target: True
    input:
        published_files(),
        estimate_files(),
        slice_files(),
        certified_slices(),


rule data:
    input:
        slice_files(),
        certified_slices(),
        counted_files(),


rule models:
    input:
        estimate_files(),


rule report:
    input:
        report_files(),


rule validate:
    input:
        "<results>/publish/manifest.json",
