"""Fingerprints of code: what a step's results depend on besides its data.

Snakemake sees an edit to a script but not to a module that the script imports. `code_fingerprint` hashes the script and
every module of this package that it reaches, found by following imports with `ast`. Comments, docstrings and layout
don't count, because the hash is over `ast.unparse` of the stripped tree (`ast.dump` differs between Python versions).
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = "innosurvey"


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
    """Return a module's code without comments and docstrings, and the names of the package modules it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    imported: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            imported += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        _drop_docstring(node)
    package = tuple(dict.fromkeys(name for name in imported if name.split(".")[0] == PACKAGE))
    return ast.unparse(tree), package


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


def _module_files(module: str, root: Path) -> list[Path]:
    """Return the files that importing `module` runs: its packages' `__init__` and itself."""
    parts = module.split(".")
    files = [root.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)]
    files.append(root.joinpath(*parts).with_suffix(".py"))
    return [path for path in files if path.is_file()]
