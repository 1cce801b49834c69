"""The rules of the house that a machine can see to."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STAGES = (
    "ingest",
    "link",
    "clean",
    "screen",
    "impute",
    "weight",
    "harmonise",
    "cohorts",
    "describe",
    "compare",
    "regions",
    "models",
    "claims",
    "policy",
    "quality",
    "reference",
    "certificate",
    "report",
    "validate",
)
RULE_FILES = sorted((ROOT / "workflow/rules").glob("*.smk"))
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))


def rules_of(path: Path) -> dict[str, str]:
    """Return the text of each rule of a file by name."""
    parts = re.split(r"^rule (\w+):\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


RULES = {name: text for path in RULE_FILES for name, text in rules_of(path).items()}


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_has_a_docstring_a_log_a_script_of_its_name_and_its_fingerprint(name):
    text = RULES[name]
    assert re.match(r'    """[^"]+\.?"""', text)
    assert "    log:\n" in text
    assert f'"../../scripts/{name}.py"' in text
    assert f'code=code("scripts/{name}.py")' in text
    assert not re.search(r"^    (run|shell):", text, flags=re.MULTILINE)


def test_every_script_belongs_to_a_rule():
    assert sorted(RULES) == [path.stem for path in SCRIPTS]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_reads_calls_once_and_writes(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 26
    assert "with step(snakemake):" in text
    assert not [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If | ast.While | ast.FunctionDef | ast.BinOp) and not is_path(node)
    ]


def is_path(node: ast.AST) -> bool:
    """A path put together with a slash is no arithmetic."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def modules_of(stage: str) -> list[Path]:
    package = ROOT / "innosurvey" / stage
    return sorted(package.rglob("*.py")) if package.is_dir() else [package.with_suffix(".py")]


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_imports_another(stage):
    others = {f"innosurvey.{other}" for other in STAGES if other != stage}
    found = []
    for path in modules_of(stage):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module]
                if isinstance(node, ast.ImportFrom) and node.module
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            if isinstance(node, ast.ImportFrom) and node.module == "innosurvey":
                names = [f"innosurvey.{alias.name}" for alias in node.names]
            found += [
                f"{path.name}: {name}"
                for name in names
                if any(name == other or name.startswith(f"{other}.") for other in others)
            ]
    assert found == []


def package_files() -> list[Path]:
    return sorted((ROOT / "innosurvey").rglob("*.py"))


def test_every_sort_is_stable():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*package_files(), *SCRIPTS]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\.sort_(values|index)\(", line) and 'kind="stable"' not in line
    ]
    assert found == []


def test_modules_stay_small():
    long = {
        str(path.relative_to(ROOT)): count
        for path in package_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 320
    }
    assert long == {}


def test_only_readers_and_writers_touch_files():
    """The package is pure: only these modules open files, and the two that start the workflow."""
    allowed = {
        "files.py",
        "tables.py",
        "yamlfile.py",
        "readers.py",
        "delimited.py",
        "fingerprint.py",
        "step.py",
        "runner.py",
        "cli.py",
        "cli_archive.py",
        "cli_baseline.py",
        "cli_changes.py",
        "cli_draft.py",
        "cli_explain.py",
        "cli_verify.py",
        "cli_wave.py",
        "study.py",
        "checks.py",
        "coverage.py",
        "datasets.py",
        "earlier.py",
        "place.py",
        "kept.py",
        "known.py",
        "setting.py",
        "untouched.py",
    }
    found = [
        str(path.relative_to(ROOT))
        for path in package_files()
        if path.name not in allowed
        and re.search(
            r"\bopen\(|\.read_(text|bytes)\(|\.write_(text|bytes)\(|read_(csv|parquet)\(",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert found == ["innosurvey/synthetic/truth.py"]


def test_no_machines_path_and_no_registry_stands_in_a_tracked_file():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files are tracked")
    import subprocess

    tracked = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    texts = [
        name
        for name in tracked
        if name.endswith((".py", ".md", ".yaml", ".toml", ".lock", ".smk", ".cff")) or name == "Makefile"
    ]
    pattern = re.compile("/" + r"(wor" + r"k|roo" + r"t|hom" + r"e/\w+)/|index-" + r"url\s*=|--index-" + r"url ")
    found = [
        name
        for name in texts
        if (ROOT / name).is_file() and pattern.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
