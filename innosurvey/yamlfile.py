"""YAML as a researcher writes it: a repeated key is an error, and each entry knows its line.

PyYAML lets the last of two equal keys win in silence and reads `no` as false; both have cost people a wave. Here a
repeated key is refused with both lines, only `true` and `false` are truth values, and
`YamlFile.where("variables", "sales_t")` says `codebook.yaml line 12`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from innosurvey.errors import StudyError


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """The content of one YAML file (`data`), its name, and the line of each entry by its path of keys."""

    name: str
    data: dict[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def where(self, *path: str) -> str:
        """Return `<file> line <n>` of the entry, or of its nearest parent that has a line."""
        keys = tuple(str(key) for key in path)
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return f"{self.name} line {self.lines[keys]}" if keys else self.name


class _Loader(yaml.CSafeLoader):
    """SafeLoader with the truth values of YAML 1.2, and dates left as text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def parse(text: str, name: str) -> YamlFile:
    """Return the parsed text; a StudyError names file and line of a syntax error or a repeated key."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        lines: dict[tuple[str, ...], int] = {}
        data = _build(loader, root, (), lines, name) if root is not None else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise StudyError(
            f"{name} line {line}: not valid YAML ({error.problem}).\nCheck the indentation, colons and quotes there."
        ) from None
    except yaml.YAMLError as error:
        raise StudyError(f"{name}: not valid YAML ({error}).") from None
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        raise StudyError(f"{name}: expected `key: value` entries at the top of the file.")
    return YamlFile(name=name, data=data, lines=lines)


def read(path: str | Path, name: str = "") -> YamlFile:
    """Return the parsed file, called `name` or by its path; a StudyError when it is absent, not UTF-8 or not valid."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise StudyError(f"{path}: no such file.\nCorrect the path in the configuration.") from None
    except UnicodeDecodeError:
        raise StudyError(f"{path}: not UTF-8 text.\nSave the file as UTF-8.") from None
    return parse(text, name or str(path))


def _build(
    loader: _Loader, node: yaml.Node, path: tuple[str, ...], lines: dict[tuple[str, ...], int], name: str
) -> Any:
    """Construct the node, noting the line of every key below it."""
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(loader, node, path, lines, name)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*path, str(place)), lines, name) for place, item in enumerate(node.value)]
    return loader.construct_object(node)


def _build_mapping(
    loader: _Loader, node: yaml.MappingNode, path: tuple[str, ...], lines: dict[tuple[str, ...], int], name: str
) -> dict[Any, Any]:
    own = {id(key_node) for key_node, _ in node.value}  # what `<<` brings may be said otherwise
    loader.flatten_mapping(node)
    built: dict[Any, Any] = {}
    said: set[Any] = set()
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise StudyError(f"{name} line {line}: a key is one word or number.\nPut `key: value` there, without [ ].")
        key = loader.construct_object(key_node)
        here = (*path, str(key))
        if key in said:
            first = next(lines[(*path, str(other))] for other in said if other == key)
            raise StudyError(
                f"{name} line {line}: the key `{key}` is repeated (first on line {first}).\n"
                "Of two equal keys only one would count: remove or rename one."
            )
        if node.flow_style and isinstance(value_node, yaml.ScalarNode) and value_node.value == "":
            _fail_if_entry_is_half(value_node, f"{name} line {line}", str(key))
        said |= {key} if id(key_node) in own else set()
        lines[here] = line
        built[key] = _build(loader, value_node, here, lines, name)
    return built


def _fail_if_entry_is_half(value_node: yaml.ScalarNode, where: str, key: str) -> None:
    """Raise a StudyError for `{rule: any(a, b)}`, which YAML takes for two entries, the second without a value."""
    if not value_node.style:
        raise StudyError(
            f"{where}: `{key}` has no value.\n"
            "Between { and } a comma starts a new entry: put text with a comma in quotes, or on a line of its own."
        )
