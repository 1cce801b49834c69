"""Reading a section of the configuration into specs: the checks that every section shares.

A section is a mapping keyed by id. What a researcher mistypes is answered here, with the place, what is known there and
the near name; what an entry means is the business of the dataclass beside the code that uses it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from innosurvey.errors import StudyError, bullets, did_you_mean


def mapping_at(entry: Any, where: str) -> Mapping[str, Any]:
    """Return the entry as a mapping; nothing at all counts as an empty one. StudyError when it is something else."""
    if entry is None:
        return {}
    if not isinstance(entry, Mapping):
        raise StudyError(
            f"{where}: expected `key: value` entries, not {type(entry).__name__}.\nIndent them below the name."
        )
    return entry


def list_at(value: Any, where: str) -> tuple[str, ...]:
    """Return the value as a list of texts. StudyError when it is no list: a text would be taken letter by letter."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise StudyError(f"{where}: give a list, such as [{value}].")
    return tuple(str(part) for part in value)


def fail_if_unknown_keys(entry: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Raise a StudyError that names every key that is not known, with the near names."""
    unknown = [f"`{key}`.{did_you_mean(str(key), known)}" for key in entry if key not in known]
    if unknown:
        named = f"unknown key {unknown[0]}" if len(unknown) == 1 else f"unknown keys:\n{bullets(unknown)}"
        raise StudyError(f"{where}: {named}\nKnown keys: {', '.join(known)}.")


def fail_if_not_one_of(value: Any, allowed: Collection[str], where: str) -> None:
    """Raise a StudyError, with the near name, when the value is not among those allowed."""
    if value not in allowed:
        near = did_you_mean(str(value), allowed)
        raise StudyError(f"{where}: `{value}` is not one of {', '.join(allowed)}.{near}")


def fail_if_key_missing(entry: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    """Raise a StudyError that names the required keys which the entry lacks, or has without a value."""
    missing = [key for key in keys if entry.get(key) is None]
    if missing:
        raise StudyError(
            f"{where}: {', '.join(f'`{key}`' for key in missing)} is missing.\nIt needs: {', '.join(keys)}."
        )


def exactly_one_of(entry: Mapping[str, Any], keys: Collection[str], where: str) -> str:
    """Return the one of `keys` that the entry has. StudyError when it has none or several."""
    given = [key for key in keys if key in entry]
    if len(given) != 1:
        raise StudyError(f"{where}: give exactly one of {', '.join(keys)} (given: {', '.join(given) or 'none'}).")
    return given[0]


def title_of(entry: Mapping[str, Any], default: str, where: str) -> Mapping[str, str]:
    """Return the title by language; a plain text is the English one, and without a title the id stands in."""
    title = entry.get("title", default)
    if isinstance(title, str):
        return {"en": title}
    if not isinstance(title, Mapping) or "en" not in title:
        raise StudyError(f"{where}: a title needs an English text.\nWrite `title: {{en: …, ko: …}}`.")
    return {str(language): str(text) for language, text in title.items()}


def english(said: Any) -> str:
    """Return the English of a text that may be given by language; empty for none."""
    return str((said.get("en", "") if isinstance(said, Mapping) else said) or "")


def names_at(where: str, setting: str, listed: object) -> tuple[str, ...]:
    """Return a list of names as a tuple. StudyError when it is no list or holds a name twice."""
    if not isinstance(listed, list | tuple):
        raise StudyError(f"{where}: {setting} is not a list.\nWrite `{setting}: [first, second]`.")
    names = tuple(str(name) for name in listed)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StudyError(f"{where}: {setting} lists names twice: {', '.join(twice)}.\nName each one once.")
    return names


def texts_at(where: str, title: object) -> Mapping[str, str]:
    """Return texts by language. StudyError when they are no map."""
    if not isinstance(title, Mapping):
        raise StudyError(f"{where}: the title is not a map of languages.\nWrite `title: {{en: …, ko: …}}`.")
    return dict(title)
