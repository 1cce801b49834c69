"""What is asked and set otherwise: columns of the sources by their codebooks, settings of the study by their paths."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.codebook import Codebook
from innosurvey.study import Study

IDENTITY = ("files", "release", "raw", "waves", "registers", "register_names")
"""What of a study says which update it is, or is compared by itself, and sets nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The variables of a source that its codebook has anew, no longer, or from another column, and those whose answers
    are read otherwise."""

    source: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    renamed: tuple[str, ...]
    recoded: tuple[str, ...]

    @property
    def differ(self) -> bool:
        """Whether anything does."""
        return bool(self.added or self.dropped or self.renamed or self.recoded)


def compare_columns(source: str, before: Codebook, after: Codebook) -> Columns:
    """Return what two codebooks of one source have of their own; a renamed column as `variable: old → new`."""
    old, new = before.variables, after.variables
    both = [name for name in old if name in new]
    return Columns(
        source=source,
        added=tuple(name for name in new if name not in old),
        dropped=tuple(name for name in old if name not in new),
        renamed=tuple(
            f"{name}: {', '.join(old[name].columns)} → {', '.join(new[name].columns)}"
            for name in both
            if old[name].columns != new[name].columns
        ),
        recoded=tuple(name for name in both if _reading(old[name]) != _reading(new[name])),
    )


def settings_of(study: Study, waves: Collection[str], registers: Collection[str]) -> dict[str, Any]:
    """Return what a study sets, with the entries of those sources only that are named; not which files they are."""
    names = [name for name in Study.__slots__ if name not in IDENTITY]
    sources = {
        kind: {
            name: {"codebook": source.codebook, "link": source.link, **source.own}
            for name, source in have.items()
            if name in wanted
        }
        for kind, have, wanted in (("waves", study.waves, waves), ("registers", study.registers, registers))
    }
    return {**{name: getattr(study, name) for name in names}, **sources}


def settings_that_differ(before: Any, after: Any, *path: str) -> Iterator[str]:
    """Yield the path of each setting that differs; a short value with it."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from settings_that_differ(before.get(key), after.get(key), *path, str(key))
    elif before != after:
        place = ".".join(path[1:] if path[:1] == ("programme",) else path)
        if before is None or after is None:
            yield f"{place}: {'added' if before is None else 'dropped'}"
        elif isinstance(before, int | float | bool) and isinstance(after, int | float | bool):
            yield f"{place}: {before} → {after}"
        else:
            yield place


def _reading(source: Any) -> tuple[Any, ...]:
    """Return how the answers of a variable are read."""
    return source.values, source.missing, source.blank, source.factor, source.asked_if, source.constant
