"""How many injected errors the hard edits find, and how many right answers they touch, on the synthetic survey.

`python benchmarks/edits.py` cleans the three committed waves and writes benchmarks/edits.md: by kind of error and wave
the errors, how many of them the edits of that kind find (recall), and which share of the firms that these edits touch
holds an injected error (precision); for amounts in the wrong unit also how many end at the right amount.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.clean.truth import EDITS, WAVES, Wave, cleaned_waves  # noqa: E402  (needs the path)

AMOUNTS = {"unit_error_sales": "sales_t", "unit_error_rnd": "exp_rnd_in"}
HEAD = f"| error | {' | '.join(WAVES)} | recall % | precision % | right amount % |\n"
RULE = "| --- |" + " ---: |" * (len(WAVES) + 3) + "\n"


def main() -> None:
    """Write the table."""
    waves = cleaned_waves()
    rows = [line(kind, rules, waves) for kind, rules in EDITS.items()]
    text = (__doc__ or "").split("\n")[0]
    page = f"# Hard edits against known errors\n\n{text} Found of injected, by wave (`python benchmarks/edits.py`).\n\n"
    (ROOT / "benchmarks/edits.md").write_text(page + HEAD + RULE + "".join(rows) + total(waves), encoding="utf-8")


def line(kind: str, rules: set[str], waves: dict[str, Wave]) -> str:
    """Return one kind of error as a row of the table."""
    found = [len(wave.injected[kind] & wave.touched(rules)) for wave in waves.values()]
    injected = [len(wave.injected[kind]) for wave in waves.values()]
    touched = sum(len(wave.touched(rules)) for wave in waves.values())
    right = sum(len(wave.touched(rules) & set().union(*wave.injected.values())) for wave in waves.values())
    cells = [f"{some} of {all_}" for some, all_ in zip(found, injected, strict=True)]
    put_right = percent(*amounts_right(kind, waves)) if kind in AMOUNTS else ""
    numbers = [percent(sum(found), sum(injected)), percent(right, touched), put_right]
    return f"| `{kind}` | {' | '.join([*cells, *numbers])} |\n"


def total(waves: dict[str, Wave]) -> str:
    """Return the row over all kinds."""
    cells, found, injected = [], 0, 0
    for wave in waves.values():
        some = sum(len(rows & wave.touched(EDITS[kind])) for kind, rows in wave.injected.items())
        all_ = sum(map(len, wave.injected.values()))
        cells.append(f"{some} of {all_}")
        found, injected = found + some, injected + all_
    everything = set().union(*EDITS.values()) | {"range", "exports_within_sales", "rnd_with_rnd_money"}
    touched = [(wave.touched(everything), set().union(*wave.injected.values())) for wave in waves.values()]
    right = percent(sum(len(rows & wrong) for rows, wrong in touched), sum(len(rows) for rows, _ in touched))
    return f"| all | {' | '.join([*cells, percent(found, injected), right, ''])} |\n"


def amounts_right(kind: str, waves: dict[str, Wave]) -> tuple[int, int]:
    """Return how many wrong amounts end within a thousandth of the right one, and how many there are."""
    right = count = 0
    for wave in waves.values():
        before, after = wave.amounts(AMOUNTS[kind], wave.injected[kind])
        right += int(((after - before / 1000).abs() <= before / 1e6).sum())
        count += len(before)
    return right, count


def percent(part: int, whole: int) -> str:
    """Return a share in percent with a decimal."""
    return f"{100 * part / whole:.1f}"


if __name__ == "__main__":
    main()
