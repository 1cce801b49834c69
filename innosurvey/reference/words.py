"""What a report must know of printed tables beside their numbers: titles, sources, remarks, as plain values."""

from typing import Any

from innosurvey.reference.spec import DERIVED, ReferenceSpec, TableSpec


def reference_words(spec: ReferenceSpec | None) -> dict[str, Any]:
    """Return the words of tables (derived ones too), ratios and checks by language; nothing where there are none."""
    if spec is None:
        return {}
    tables = {name: _table_words(table, spec) for name, table in spec.tables.items()}
    derived = {f"{DERIVED}{name}": {**tables[name], "title": dict(one.title)} for name, one in spec.derived.items()}
    return {
        "tables": tables | derived,
        "ratios": {name: dict(ratio.title) for name, ratio in spec.ratios.items()},
        "notes": {name: dict(note) for name, note in spec.notes.items()},
    }


def _table_words(table: TableSpec, spec: ReferenceSpec) -> dict[str, Any]:
    return {
        "title": dict(table.title),
        "head": dict(table.head),
        "down": table.down,
        "source": dict(spec.sources[table.source]),
        "number": table.number,
        "after": dict(table.after),
        "note": dict(table.note),
        "series": {one.id: dict(one.title) for one in table.series.values()},
        "at": {one.id: dict(one.title) for one in table.at.values()},
    }
