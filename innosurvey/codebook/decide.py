"""What a drafted codebook leaves to a person: its section `decide:`, a line of text per point.

A codebook with such lines is not read: a wave would be built on guesses. Whoever decides a point removes its line.
"""

from innosurvey.errors import StudyError, bullets
from innosurvey.specs import mapping_at
from innosurvey.yamlfile import YamlFile

SECTION = "decide"
MOST_SHOWN = 40


def fail_if_undecided(file: YamlFile) -> None:
    """Raise a StudyError that lists, each with its line, the points that are still to be decided."""
    points = mapping_at(file.data.get(SECTION), f"{file.where(SECTION)}, {SECTION}")
    if not points:
        return
    listed = bullets(
        (f"line {file.lines[SECTION, str(about)]}, {about}: {said}" for about, said in points.items()), MOST_SHOWN
    )
    raise StudyError(
        f"{file.name}: points to be decided ({len(points)}):\n{listed}\n"
        f"Decide each, correct the codebook or the study where it asks for it, and remove its line under `{SECTION}:`."
    )
