"""What a build runs, and why: what Snakemake says of it, in plain words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

GOALS = ("all", "data", "models", "report", "validate")
"""The rules that only name what is to be made."""
_COUNTS = re.compile(r"^job +count\n-+ +-+\n((?:\w+ +\d+\n)+)", re.MULTILINE)
"""The table of jobs by rule that Snakemake prints before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A step that would run: its rule, what it is about (wave, cohort, …), and why, in plain words."""

    rule: str
    about: str
    reason: str
    follows: bool


def planned_steps(output: str) -> Iterator[PlannedStep]:
    """Yield the jobs of a dry run: blocks that begin with `rule x:` and hold `reason:` and `wildcards:`."""
    seen: set[tuple[str, str]] = set()
    for block in re.split(r"\n(?=(?:local)?(?:rule|checkpoint) \w+:\n)", output):
        named = re.match(r"(?:local)?(?:rule|checkpoint) (\w+):\n", block)
        if not named or named[1] in GOALS:
            continue
        fields = dict(re.findall(r"^    (\w+): (.*)$", block, flags=re.MULTILINE))
        about = ", ".join(part.split("=", 1)[1] for part in fields.get("wildcards", "").split(", ") if "=" in part)
        if (named[1], about) not in seen:
            seen.add((named[1], about))
            reason = in_plain_words(fields.get("reason", ""))
            yield PlannedStep(rule=named[1], about=about, reason=reason, follows=reason.startswith("follows"))


def steps_planned(log: str) -> int:
    """Return how many steps the runs that a log tells of had to do, as they said at their beginning."""
    rows = [row.split() for table in _COUNTS.findall(log) for row in table.splitlines()]
    return sum(int(count) for rule, count in rows if rule not in (*GOALS, "total"))


_REASONS = (
    (r"Missing output files: (.*)", "has not been made yet"),
    (r"Updated input files: (.*)", "changed: {}"),
    (r"Set of input files has changed.*", "other files go into it now"),
    (r"Code has changed.*", "its code changed"),
    (r"Software environment.*", "its software changed"),
    (r"Input files updated by another job: (.*)", "follows from steps above"),
)


FILES_NAMED = 3
"""How many files a reason lists before it only counts."""
_FILE = r"'([^']+)': '([0-9a-f]{64}|absent)'"
_PARAMETERS = ((r"(?:'\w+': )?'[0-9a-f]{16}'", "its code"), (r"'[0-9a-f]{64}'", "the lock file"))


def in_plain_words(reason: str) -> str:
    """Return Snakemake's reason for a job as a user would say it."""
    if found := re.search(r"Params have changed.*?before: (.*)", reason):
        return _changed_parameters(found[1])
    for pattern, words in _REASONS:
        found = re.search(pattern, reason)
        if found:
            return words.format(found[1].split(";")[0]) if "{}" in words else words
    return reason or "asked for"


def _changed_parameters(values: str) -> str:
    """Return what changed among a job's parameters: checksums are known by their form, all else is settings."""
    before, now = (dict(re.findall(_FILE, part)) for part in values.partition("now:")[::2])
    files = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    more = len(files) - FILES_NAMED
    changed = [*files[:FILES_NAMED], *([f"{more} more files"] if more > 0 else [])]
    rest = re.sub(_FILE, "", values)
    for pattern, what in _PARAMETERS:
        changed += [what] if re.search(pattern, rest) else []
        rest = re.sub(pattern, "", rest)
    if re.sub(r"before:|now:|<nothing exclusive>|[\s,{}]", "", rest):
        changed.append("its settings")
    return f"changed: {', '.join(changed) or 'its settings'}"
