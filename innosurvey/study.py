"""The study's configuration: which surveys, which files, which programme.

The configuration is `config.yaml` with a study file laid over it, merged as Snakemake merges its `--configfile`: maps
merge, everything else replaces, and `null` removes an inherited entry. `resolve` does that once for the command line,
the workflow and the tests; `Study` is what the rest of the pipeline asks. The module is read at every start of
Snakemake, so it imports nothing heavy.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from innosurvey import yamlfile
from innosurvey.errors import DataError, StudyError, did_you_mean
from innosurvey.languages import ENGLISH
from innosurvey.shape import ROOT, fail_if_shape_is_wrong, place_of
from innosurvey.yamlfile import YamlFile

STUDIES = ROOT / "resources" / "studies"
BASE = (
    ROOT / "resources/dictionary/derived.yaml",
    ROOT / "resources/edits/hard.yaml",
    ROOT / "resources/edits/soft.yaml",
    ROOT / "resources/imputation.yaml",
    ROOT / "resources/models.yaml",
    ROOT / "resources/glossary.yaml",
    ROOT / "resources/logs/assumptions.yaml",
    ROOT / "resources/logs/decisions.yaml",
    ROOT / "resources/logs/data.yaml",
    ROOT / "config.yaml",
)
"""The files below every study: derived variables, hard and soft edits, imputation, models, the glossary, the logs, then
the programme with the default study."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One raw file and the codebook that reads it.

    A register also has `link`, how it is linked. A wave that shares its file with others has `rows`, which of them are
    its own (`column` and `is`), and may have a `period` in place of its codebook's.
    """

    file: str
    codebook: str
    link: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Any] | None = None
    period: Sequence[Any] | None = None

    @property
    def own(self) -> dict[str, Any]:
        """What a wave says beside its codebook."""
        return {"rows": self.rows, "period": self.period}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study: its identity, its files, and the programme (`cohorts`, `models`, …) as plain configuration."""

    name: str
    title: Mapping[str, str]
    country: str
    currency: str
    synthetic: bool
    release: str
    attribution: str | Mapping[str, str]
    question: str | Mapping[str, str]
    licence: Mapping[str, str]
    access: Mapping[str, Any]
    raw: str
    key_check: str
    waves: Mapping[str, Source]
    registers: Mapping[str, Source]
    variables: Mapping[str, Any]
    weights: Mapping[str, Any]
    quality: Mapping[str, Any]
    programme: Mapping[str, Any]
    register_names: frozenset[str] = frozenset()
    """What the registers of any configured study add: a rule may name them though this study has no such register."""
    harmonise: Mapping[str, Any] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[YamlFile, ...] = ()
    """The files that the configuration was read from, the lowest first."""

    def where(self, *path: str) -> str:
        """Return `<file> line <n>: ` of an entry of the configuration; nothing where no file has it."""
        return place_of(path, self.files)

    def raw_file(self, source: Source) -> str:
        """Return the path of a raw file."""
        return f"{self.raw}/{source.file}"


def load(config: Mapping[str, Any], name: str = "config.yaml", files: Sequence[YamlFile] = ()) -> Study:
    """Return the study that `config` describes; a StudyError lists every fault of its shape, with its line where it was
    read from `files`, the lowest first.
    """
    config = resolve(config)
    fail_if_shape_is_wrong(config, name, files)
    chosen = config["study"]
    if chosen not in config["studies"]:
        raise StudyError(
            f"{name}: study `{chosen}` is not under `studies:`.{did_you_mean(chosen, config['studies'])}\n"
            f"It has: {', '.join(config['studies'])}."
        )
    entry = config["studies"][chosen]
    if not entry.get("waves") and not config.get("certificate"):
        raise StudyError(
            f"{name}: studies.{chosen}: the key `waves` is missing, and there is no `certificate:` to build.\n"
            "Add its `waves:` (docs/howto-new-survey.md), or `certificate:` (docs/howto-new-certificate-case.md)."
        )
    _fail_if_no_day(entry["release"], f"{name}: studies.{chosen}.release")
    return Study(
        name=chosen,
        title=entry["title"],
        country=entry.get("country", ""),
        currency=entry.get("currency", ""),
        synthetic=entry["synthetic"],
        release=entry["release"],
        attribution=entry["attribution"],
        question=entry.get("question", ""),
        licence=entry.get("licence", {}),
        access=entry.get("access", {}),
        raw=str(config.get("raw") or entry.get("raw", "")).rstrip("/"),
        key_check=entry.get("key_check", "none"),
        waves={wave: Source(**source) for wave, source in entry.get("waves", {}).items()},
        registers={register: Source(**source) for register, source in entry.get("registers", {}).items()},
        variables=entry.get("variables", {}),
        weights=entry.get("weights", {}),
        quality=entry.get("quality", {}),
        harmonise=entry.get("harmonise", {}),
        reference=entry.get("reference", {}),
        programme=_programme(config, entry),
        files=tuple(files),
        register_names=frozenset(
            str(name)
            for other in config["studies"].values()
            for register in other.get("registers", {}).values()
            for name in register.get("link", {}).get("into", {})
        ),
    )


def _programme(config: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is asked of the study: all sections but the studies themselves, and the languages of its report,
    which are the study's own unless `report.languages` says others: a new study need not have its texts in all of ours.
    """
    sections = {section: content for section, content in config.items() if section not in ("study", "studies", "raw")}
    report = sections.get("report") or {}
    languages = report.get("languages") or entry.get("languages") or [ENGLISH]
    return {**sections, "report": {**report, "languages": languages}}


def read(*files: str | Path, raw: str | None = None) -> Study:
    """Return the study of `config.yaml` and the files laid over it, in their order."""
    merged: dict[str, Any] = {}
    contents = []
    for file in files:
        contents.append(yamlfile.read(file, str(file).removeprefix(f"{ROOT}/")))
        _fail_if_nothing_is_chosen(contents[-1].data, merged, str(file))
        merge(merged, contents[-1].data)
    if raw:
        merged["raw"] = raw
    return load(merged, " + ".join(Path(file).name for file in files), contents)


def _fail_if_nothing_is_chosen(content: Mapping[str, Any], below: Mapping[str, Any], name: str) -> None:
    """Raise for a file that is empty or brings a study without choosing it: another one would be built in silence."""
    if not content:
        raise StudyError(f"{name}: the file is empty.\nIt needs `study: <name>` and that study under `studies:`.")
    brought = content.get("studies")
    if "study" in content or not isinstance(brought, Mapping) or not brought:
        return
    if below.get("study") not in brought:
        raise StudyError(
            f"{name}: it brings {', '.join(map(str, brought))}, but chooses no study.\n"
            f"Add `study: {next(iter(brought))}` at the top of the file."
        )


def study_file(name: str) -> Path | None:
    """Return the file of a study given by name or path; None for the default study of config.yaml."""
    if Path(name).suffix in (".yaml", ".yml"):
        if not Path(name).is_file():
            raise StudyError(f"{name}: no such study file.")
        return Path(name)
    known = {path.stem: path for path in sorted(STUDIES.glob("*.yaml"))}
    if name in known:
        return known[name]
    default = yamlfile.read(ROOT / "config.yaml").data.get("study")
    if name == default:
        return None
    raise StudyError(
        f"no study `{name}`.{did_you_mean(name, [*known, str(default)])}\n"
        f"Studies: {', '.join([str(default), *known])}; or give a file (.yaml)."
    )


def with_files_named(message: str, study: Study) -> str:
    """Return a message with the raw file behind the first mention of each wave and register that it does not name.

    After reading, the steps know waves and registers; a researcher mends files.
    """
    for kind, sources in (("wave", study.waves), ("register", study.registers)):
        for name, source in sources.items():
            if source.file not in message:
                mention = rf"\b{kind} {re.escape(name)}(?![\w-])"
                message = re.sub(mention, f"{kind} {name} ({source.file})", message, count=1)
    return message


def fail_if_absent(study: Study, source: Source, root: Path) -> None:
    """Raise when a source's codebook or raw file is not there, with the near name."""
    if not (root / source.codebook).is_file():
        raise StudyError(
            f"{source.codebook}: no such codebook.{_near_file(root / source.codebook)}\n"
            f"Correct `codebook:` in the study's configuration; it counts from {root}, or is a full path."
        )
    path = root / study.raw_file(source)
    if not path.is_file():
        raise DataError(
            f"{study.raw_file(source)}: no such raw file.{_near_file(path)}\n"
            "Correct `raw:` or `file:` in the study's configuration, or give the folder with --raw."
        )


def fail_if_reference_absent(file: str, root: Path, section: str = "harmonise") -> None:
    """Raise when a reference file that a section names is not there, with the near name."""
    if not (root / file).is_file():
        raise StudyError(
            f"{section}: there is no file {file}.{_near_file(root / file)}\n"
            f"Correct its name in the study's configuration; it counts from {root}, or is a full path."
        )


def fail_if_totals_absent(study: Study, root: Path) -> None:
    """Raise when the file of totals that the weights are brought to is not there, with the near name."""
    totals = ((study.weights or {}).get("calibrate") or {}).get("totals")
    if totals and not (path := root / study.raw / totals).is_file():
        raise DataError(
            f"weights.calibrate.totals: there is no file {Path(study.raw) / totals}.{_near_file(path)}\n"
            "Correct `totals:`, or put the file into the folder of the raw files (`raw:`, --raw)."
        )


def _fail_if_no_day(text: str, where: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise StudyError(f"{where}: no calendar has the day {text}.\nCorrect the date.") from None


def _near_file(path: Path) -> str:
    """Return the hint at a file of the same folder with a near name, or an empty text."""
    return did_you_mean(path.name, sorted(entry.name for entry in path.parent.glob("*")))


def merge(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay `above` over `below` in place and return it: maps merge, everything else replaces."""
    for key, value in above.items():
        if isinstance(value, Mapping) and isinstance(below.get(key), dict):
            merge(below[key], value)
        else:
            below[key] = _copied(value)
    return below


def resolve(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with keys as text and entries that were set to null removed."""
    return {
        str(key): resolve(value) if isinstance(value, Mapping) else value
        for key, value in config.items()
        if value is not None
    }


def _copied(value: Any) -> Any:
    return {key: _copied(entry) for key, entry in value.items()} if isinstance(value, Mapping) else value
