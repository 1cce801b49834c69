# Names that every rule file shares: the study, the results folder, fingerprints of code and data, and the lists of files to make.
import os

from innosurvey import fingerprint, study
from innosurvey.models import plan

# Numerical libraries in the scripts: one thread each, so that results don't depend on the machine's cores; nothing from clock, zone or hash seed.
os.environ.update(
    {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")},
    TZ="UTC",
    LC_ALL="C.UTF-8",
    PYTHONHASHSEED="0",
    MPLBACKEND="Agg",
)

CONFIG_FILES = ["config.yaml", *map(str, workflow.overwrite_configfiles)]
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
