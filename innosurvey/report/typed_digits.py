"""Digits that are typed into templates instead of looked up: there must be none in prose."""

import re
from collections.abc import Mapping

import jinja2
from jinja2 import nodes

from innosurvey.errors import StudyError


def typed_digits(templates: Mapping[str, str]) -> list[str]:
    """Return `file, line n: text` for each digit that is typed into a template's prose instead of looked up."""
    found: list[str] = []
    for name in sorted(templates):
        tree = parsed(name, templates[name])
        for output in tree.find_all(nodes.Output):
            found.extend(f"{name}, line {line}: {text}" for node in output.nodes for line, text in digits_in(node))
    return found


def parsed(name: str, template: str) -> nodes.Template:
    """Return the tree of a template, which is not rendered; a `StudyError` with file and line for one that has none."""
    try:
        return jinja2.Environment(extensions=["jinja2.ext.do"]).parse(template, name)
    except jinja2.TemplateSyntaxError as error:
        raise syntax_error(error, name) from error


def syntax_error(error: jinja2.TemplateSyntaxError, name: str) -> StudyError:
    """Return what a researcher is told of a template that cannot be read."""
    return StudyError(
        f"{error.name or name}, line {error.lineno}: {error.message}\n"
        "Correct the line: whatever is opened is closed, and formats are those of docs/howto-new-section.md."
    )


def digits_in(node: nodes.Node) -> list[tuple[int, str]]:
    """Return line and text of each typed digit of a piece of a template: its prose, or a constant that it prints."""
    words = (
        node.data if isinstance(node, nodes.TemplateData) else str(node.value) if isinstance(node, nodes.Const) else ""
    )
    return [
        (node.lineno + offset, line.strip()) for offset, line in enumerate(words.split("\n")) if re.search(r"\d", line)
    ]


def fail_if_digits_are_typed(templates: Mapping[str, str]) -> None:
    """Raise a `StudyError` that lists the digits typed into templates."""
    found = typed_digits(templates)
    if found:
        listed = "\n".join(f"  - {line}" for line in found)
        raise StudyError(
            f"Templates hold typed digits; a number in a report comes from a table.\n"
            f"{listed}\nUse value(…) and a format."
        )
