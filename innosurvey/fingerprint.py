"""Fingerprints of code: what a step's results depend on besides its data.

Snakemake sees an edit to a script but not to a module that the script imports. `code_fingerprint` hashes the script and
every module of this package that it reaches, found by following imports with `ast`. Comments, docstrings and layout
don't count, because the hash is over `ast.unparse` of the stripped tree (`ast.dump` differs between Python versions).
"""

import ast
import atexit
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

PACKAGE = "innosurvey"
MEMORY = Path(".snakemake") / "innosurvey-code.json"


def code_fingerprint(script: str | Path, root: Path) -> str:
    """Return 16 hex digits that change when the script, or a package module that it reaches, changes in substance."""
    digest = hashlib.sha256()
    for path in reached_modules(root / script, root):
        digest.update(f"{path.relative_to(root)}\n{_substance(path)[0]}\n".encode())
    return digest.hexdigest()[:16]


def file_fingerprint(path: str | Path) -> str:
    """Return the sha256 of a file's content, or `absent`."""
    try:
        with open(path, "rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return "absent"


def reached_modules(script: Path, root: Path) -> list[Path]:
    """Return the script and the package's modules that it imports, directly or not, in a stable order."""
    reached: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        for module in _substance(path)[1]:
            waiting += _module_files(module, root)
    return sorted(reached)


@cache
def _substance(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the hash of a module's code without comments and docstrings, and the package modules that it imports."""
    content = path.read_bytes()
    key = hashlib.sha256(content + sys.version.encode()).hexdigest()
    if key not in _remembered():
        _remembered()[key] = _read_substance(content, str(path))
    substance, imported = _remembered()[key]
    return substance, tuple(imported)


def _read_substance(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    tree = ast.parse(content, filename=name)
    imported: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            imported += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        _drop_docstring(node)
    package = tuple(dict.fromkeys(name for name in imported if name.split(".")[0] == PACKAGE))
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest(), package


@cache
def _remembered() -> dict[str, tuple[str, Sequence[str]]]:
    """Return what earlier runs read, by the content of the module: parsing a hundred modules takes half a second."""
    try:
        known = json.loads(MEMORY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    atexit.register(_remember, known, len(known))
    return known


def _remember(known: Mapping[str, object], before: int) -> None:
    """Keep what was read for the next run, where Snakemake keeps its own memory; it can be removed at any time."""
    if len(known) == before or not MEMORY.parent.is_dir():
        return
    temporary = MEMORY.with_name(f"{MEMORY.name}.{os.getpid()}")
    temporary.write_text(json.dumps(known), encoding="utf-8")
    os.replace(temporary, MEMORY)


def _drop_docstring(node: ast.AST) -> None:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return
    node.body = [
        statement
        for statement in node.body
        if not (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        )
    ] or [ast.Pass()]


@cache
def _module_files(module: str, root: Path) -> list[Path]:
    """Return the files that importing `module` runs: its packages' `__init__` and itself."""
    parts = module.split(".")
    files = [root.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)]
    files.append(root.joinpath(*parts).with_suffix(".py"))
    return [path for path in files if path.is_file()]
