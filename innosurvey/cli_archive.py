"""Reading what goes into a replication package, and writing it, for `innosurvey archive`."""

import json
import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import psutil

from innosurvey import archive, crate, files, project, runner, verify
from innosurvey import study as studies
from innosurvey.access import access_of
from innosurvey.cli_verify import results_of, stamp_of
from innosurvey.errors import StudyError
from innosurvey.fingerprint import file_fingerprint
from innosurvey.replication import Replication, readme
from innosurvey.report.zipped import packed
from innosurvey.specs import english
from innosurvey.study import Study


def archive_study(study: Study, run: runner.Run, to: Path | None, with_data: bool) -> str:
    """Write the replication package of a study as a zip file, and return what was written.

    StudyError for what is not built, for raw files that may not be passed on, for inputs from elsewhere, and for
    another file of that name; DisclosureError for a file that must not leave the house.
    """
    if with_data:
        archive.fail_if_raw_files_are_kept_back(access_of(study), study.where("studies", study.name), study.name)
    contents = _contents(study, run, with_data)
    made = packed(contents)
    to = to or run.root / "results" / run.study / f"{run.study}-{study.release}.zip"
    if to.exists():
        if to.is_file() and files.read_bytes(to) == made:
            return f"{to} is this package already."
        raise StudyError(f"{to}: there is something of that name, and it is kept.\nRemove it, or give another --to.")
    files.write_bytes(made, to)
    return f"Wrote {to}: {len(contents)} files, {len(made) / 1e6:.1f} MB. Begin with its {archive.README}."


def _contents(study: Study, run: runner.Run, with_data: bool) -> dict[str, bytes]:
    """Return the files of the package by their paths in it, once all of them may leave the house."""
    results = results_of(run)
    published = files.read_files(results / "publish")
    manifest = json.loads(published["manifest.json"])
    raw = _raw_folder(study, run)
    paths = {name: run.root / name for name in project.project_files(run.root)} | _inputs(manifest, run)
    if with_data:
        paths |= _raw_files(study, run.root, raw)
    stamp = stamp_of(results)
    contents = {
        **{name: files.read_bytes(path) for name, path in paths.items()},
        **{archive.PUBLISHED + name: content for name, content in published.items()},
        **({verify.STAMP: json.dumps(stamp, indent=1).encode() + b"\n"} if stamp else {}),
    }
    described = archive.packed_crate(published[crate.FILE].decode(), contents, raw)
    told = Replication(
        title=english(study.title),
        attribution=english(study.attribution),
        licence=study.licence,
        synthetic=study.synthetic,
        access=access_of(study),
        codebooks={source.file: source.codebook for source in _sources(study)},
        with_data=with_data,
        raw=raw,
        manifest=manifest,
        crate=json.loads(published[crate.FILE]),
        document=json.loads(published[f"document.{study.programme['report']['languages'][0]}.json"]),
        steps=runner.steps_done(run),
        stage_of=_stages(contents),
        machine=_machine(),
        command=_command(run),
        stamp=stamp,
    )
    contents |= {archive.README: readme(told).encode(), crate.FILE: described.encode()}
    contents |= {archive.CHECKSUMS: archive.checksums_of(contents)}
    archive.fail_if_confidential(contents, _closed(study, manifest))
    return contents


def _inputs(manifest: Mapping[str, Any], run: runner.Run) -> dict[str, Path]:
    """Return where the inputs of the build are, by their place in the package; StudyError for those from elsewhere."""
    found, outside = {}, []
    for one in manifest["inputs"]:
        path = run.root / one["file"]
        if file_fingerprint(path) == one["sha256"]:
            found[one["file"]] = path
        elif run.study_file and run.study_file.name == one["file"]:
            found[_place_of_study_file(run)] = run.study_file
        else:
            outside.append(one["file"])
    archive.fail_if_inputs_lie_outside(outside)
    return found


def _place_of_study_file(run: runner.Run) -> str:
    """Return where the study file stands in the package: at its place, or among the studies if it is from elsewhere."""
    path = run.study_file or studies.ROOT / "config.yaml"
    return path.relative_to(run.root).as_posix() if path.is_relative_to(run.root) else f"resources/studies/{path.name}"


def _raw_folder(study: Study, run: runner.Run) -> str:
    """Return the folder of the raw files in the package, as the study names it; StudyError for a machine's own path."""
    above = [run.study_file] if run.study_file else []
    raw = studies.read(*studies.BASE, *above).raw if run.raw else study.raw
    if PurePath(raw).is_absolute() or ".." in PurePath(raw).parts:
        raise StudyError(
            f"{study.where('studies', study.name, 'raw')}raw: {raw} is a folder of this machine, which a package can't "
            f"have.\nWrite `raw: resources/raw/{study.name}`, and give the folder with --raw when you build."
        )
    return raw


def _raw_files(study: Study, root: Path, raw: str) -> dict[str, Path]:
    """Return the raw files by their place in the package; of a synthetic study also its declared truth."""
    found = {f"{raw}/{source.file}": root / study.raw_file(source) for source in _sources(study)}
    beside = project.files_below(root, raw) if study.synthetic and raw == study.raw else []
    return {name: root / name for name in beside} | found


def _closed(study: Study, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the raw files that may not be passed on, by their checksums."""
    access = access_of(study)
    return {sha: file for file, sha in manifest["sources"].items() if file in access and not access[file].open}


def _sources(study: Study) -> list[studies.Source]:
    return [*study.waves.values(), *study.registers.values()]


def _stages(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Return the stage of each rule: the file that it is written in."""
    stages = {name: re.fullmatch(r"workflow/rules/(\w+)\.smk", name) for name in contents}
    return {
        rule: stage[1]
        for name, stage in stages.items()
        if stage
        for rule in re.findall(r"^rule (\w+):", contents[name].decode(), flags=re.MULTILINE)
    }


def _machine() -> dict[str, str]:
    return {
        "system": platform.platform(),
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "Python": platform.python_version(),
    }


def _command(run: runner.Run) -> str:
    """Return the command that builds the study from the package."""
    if not run.study_file:
        return "make report"
    place = _place_of_study_file(run)
    at_home = PurePath(place).parent == PurePath("resources/studies")
    return f"make report STUDY={PurePath(place).stem if at_home else place}"
