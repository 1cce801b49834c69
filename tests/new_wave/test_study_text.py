"""The wave in the configuration's text."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey import yamlfile
from innosurvey.errors import StudyError
from innosurvey.new_wave.study_text import with_wave

ENTRY = {"file": "new.csv", "codebook": "books/new.yaml"}
YEARS = st.lists(st.integers(1990, 2040), min_size=2, max_size=6, unique=True)
STYLES = {
    "a line each": ("    waves:   # all\n", '      "{0}": {{file: f{0}.csv, codebook: c.yaml}}   # {0}\n', ""),
    "lines of their own": (
        "    waves:\n",
        "      '{0}':\n        file: f{0}.csv   # x\n        codebook: c.yaml\n",
        "",
    ),
    "one line": ("    waves: {", '"{0}": {{file: f{0}.csv, codebook: c.yaml}}, ', "}\n"),
}


def page(waves, style):
    head, line, end = STYLES[style]
    body = "".join(line.format(year) for year in waves)
    body = body.removesuffix(", ")
    return f"# top\nstudy: s\nstudies:\n  s:\n    title: {{en: T}}\n{head}{body}{end}    # below\n    raw: r\n"


@given(years=YEARS, style=st.sampled_from(sorted(STYLES)))
def test_the_configuration_read_again_is_the_old_one_and_one_wave_in_time_order(years, style):
    new, *waves = years
    text = page(sorted(waves), style)
    before = copy.deepcopy(yamlfile.parse(text, "x").data)
    after = yamlfile.parse(with_wave(text, "x", "s", str(new), ENTRY, {str(year): year for year in years}), "x").data
    assert list(after["studies"]["s"]["waves"]) == [str(year) for year in sorted(years)]
    assert after["studies"]["s"]["waves"].pop(str(new)) == ENTRY
    assert after == before


@given(years=YEARS, style=st.sampled_from(sorted(STYLES)))
def test_every_comment_stays(years, style):
    new, *waves = years
    text = page(sorted(waves), style)
    after = with_wave(text, "x", "s", str(new), ENTRY, {str(year): year for year in years})
    assert [line for line in after.splitlines() if "#" in line] == [line for line in text.splitlines() if "#" in line]


def test_a_study_without_waves_of_its_own_is_refused():
    with pytest.raises(StudyError, match=r"there is no map `studies.s.waves`"):
        with_wave("studies: {s: {raw: r}}\n", "x", "s", "2020", ENTRY, {"2020": 2020})
