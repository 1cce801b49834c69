"""Edits of YAML as text, so that comments and layout stay: where an entry stands, and what replaces a piece of it.

All edits are about one text and are applied at once (`applied`): the places of one are not moved by another.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml

_ALIAS = re.compile(r"\s*:\s*\*[^\s,\]}]+")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edit:
    """The text from `start` up to `end` becomes `text`."""

    start: int
    end: int
    text: str


class YamlText:
    """A YAML text with the places of its entries."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = yaml.compose(text, Loader=yaml.CSafeLoader)

    def entry(self, *path: str) -> tuple[yaml.Node, yaml.Node] | None:
        """Return the nodes of key and value at a path of keys, or None."""
        found: tuple[yaml.Node, yaml.Node] | None = None
        node = self.root
        for key in path:
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            found = next(((name, value) for name, value in pairs if name.value == key), None)
            if found is None:
                return None
            node = found[1]
        return found

    def value(self, *path: str) -> yaml.Node | None:
        """Return the node of the value at a path of keys, or None."""
        found = self.entry(*path)
        return found[1] if found else None

    def source(self, node: yaml.Node) -> str:
        """Return the text of a node as it is written."""
        return self.text[node.start_mark.index : end_of(self.text, node)]

    def replaced(self, node: yaml.Node, text: str) -> Edit:
        """Return the edit that replaces a node's text; an anchor before it stays."""
        said = self.source(node)
        anchor = f"{said.split(maxsplit=1)[0]} " if said.startswith("&") else ""
        return Edit(start=node.start_mark.index, end=end_of(self.text, node), text=anchor + text)

    def appended(self, node: yaml.CollectionNode, entry: str) -> Edit:
        """Return the edit that adds an entry `key: value` at the end of a mapping that has some, or `[]`, `{}`."""
        end = end_of(self.text, node)
        if node.flow_style:
            return Edit(start=end - 1, end=end - 1, text=f", {entry}" if node.value else entry)
        indent = " " * node.value[0][0].start_mark.column
        place = end_of_line(self.text, end)
        return Edit(start=place, end=place, text=f"\n{indent}{entry}")

    def commented(self, entries: Sequence[tuple[yaml.Node, yaml.Node]], why: str) -> list[Edit]:
        """Return the edits that make comments of entries, with the reason; an anchor in one goes to its first use
        outside of them.

        An entry between braces has no line of its own: it goes, without a comment.
        """
        edits = [self._commented(key, value, why) for key, value in entries]
        return [*edits, *self._anchors_moved(edits)]

    def _commented(self, key: yaml.Node, value: yaml.Node, why: str) -> Edit:
        start = start_of_line(self.text, key.start_mark.index)
        end = end_of_entry(self.text, key, value)
        if self.text[start : key.start_mark.index].strip():
            rest = self.text[end:]
            comma = len(rest) - len(rest.lstrip(" ,"))
            return Edit(start=key.start_mark.index, end=end + comma, text="")
        indent = " " * key.start_mark.column
        lines = self.text[start : end_of_line(self.text, end)].split("\n")
        text = "\n".join(f"{indent}# {line.removeprefix(indent)}" for line in lines)
        return Edit(start=start, end=end_of_line(self.text, end), text=f"{text}   # {why}")

    def _anchors_moved(self, removed: Sequence[Edit]) -> list[Edit]:
        """Return edits that write out, at the first use that stays, what an anchor in a removed piece names."""

        def stays(place: int) -> bool:
            return not any(edit.start <= place < edit.end for edit in removed)

        tokens = list(yaml.scan(self.text, Loader=yaml.CSafeLoader)) if removed else []
        edits = []
        for place, token in enumerate(tokens):
            if not isinstance(token, yaml.AnchorToken) or stays(token.start_mark.index):
                continue
            uses = [one for one in tokens[place:] if isinstance(one, yaml.AliasToken) and one.value == token.value]
            use = next((one for one in uses if stays(one.start_mark.index)), None)
            if use is not None:
                named = tokens[place + 1]
                text = self.text[named.start_mark.index : named.end_mark.index].rstrip()
                said = f"&{token.value} {text}"
                edits.append(Edit(start=use.start_mark.index, end=use.end_mark.index, text=said))
        return edits


def end_of(text: str, node: yaml.Node) -> int:
    """Return where a node's own text ends; of a mapping or list in lines, where its last entry does."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of_entry(text, *last) if isinstance(last, tuple) else end_of(text, last)
    return len(text[: node.end_mark.index].rstrip())


def end_of_entry(text: str, key: yaml.Node, value: yaml.Node) -> int:
    """Return where an entry ends. The node of a value `*name` is that of its anchor, further up."""
    if value.start_mark.index >= key.end_mark.index:
        return end_of(text, value)
    alias = _ALIAS.match(text, key.end_mark.index)
    return alias.end() if alias else end_of_line(text, key.end_mark.index)


def start_of_line(text: str, place: int) -> int:
    """Return where the line of a place begins."""
    return text.rfind("\n", 0, place) + 1


def end_of_line(text: str, place: int) -> int:
    """Return where the line of a place ends, before its line break."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits; of two that would change the same piece the first counts."""
    parts, place = [], 0
    for edit in sorted(dict.fromkeys(edits), key=lambda one: (one.start, one.end)):
        if edit.start < place:
            continue
        parts += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join([*parts, text[place:]])
