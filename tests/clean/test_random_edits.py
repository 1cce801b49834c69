"""Edits that nobody wrote by hand, on answers that nobody gave: what cleaning and imputation must keep in any study."""

import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from innosurvey import files
from innosurvey.clean import clean_survey, fail_if_edits_do_not_fit, parse_edits, parse_localisation
from innosurvey.clean.spec import range_edits
from innosurvey.clean.survey import failures
from innosurvey.errors import StudyError
from innosurvey.study import ROOT
from tests.clean.make import make_wave
from tests.impute.make import impute

DICTIONARY = files.read_dictionary(ROOT / "resources/dictionary/variables.csv")
LEVELS = {name: variable.levels for name, variable in DICTIONARY.items() if variable.levels}
AMOUNTS = ["employees_t", "employees_t1", "emp_rnd", "sales_t", "sales_t1", "exports_t", "exp_rnd_in"]
SHARES = ["fin_own", "fin_bank", "fin_other"]
FACTS = ["rnd_contracted", "inno_prd_goods"]
NUMBERS = [*AMOUNTS, *SHARES]

number, amount, fact = st.sampled_from(NUMBERS), st.sampled_from(AMOUNTS), st.sampled_from(FACTS)
small = st.integers(0, 12)
linear = st.one_of(
    st.builds("{} {} {}".format, number, st.sampled_from(["<=", "<", ">=", ">", "==", "!="]), small),
    st.builds("{} {} {} * {}".format, number, st.sampled_from(["<=", ">", "=="]), st.sampled_from([1, 2, 0.5]), number),
    st.builds("{} + {} <= {} + {}".format, number, number, number, small),
)
atom = st.one_of(
    linear,
    fact,
    st.builds("rnd_inhouse {} '{}'".format, st.sampled_from(["==", "!="]), st.sampled_from(LEVELS["rnd_inhouse"])),
    st.builds("reported({})".format, st.sampled_from([*NUMBERS, *FACTS])),
)
condition = st.one_of(
    linear,
    st.builds("not ({}) or {}".format, atom, atom),
    st.builds("not ({} and {})".format, atom, atom),
    st.builds("any({}, {}, {})".format, atom, atom, atom),
    st.builds("all({}, {})".format, atom, atom),
)
blanked = st.lists(st.sampled_from([*NUMBERS, *FACTS]), max_size=2, unique=True)


@st.composite
def corrected(draw):
    """A logical edit with a repair of its own, which may be no repair at all."""
    name = draw(number)
    return {"kind": "logical", "rule": draw(condition), "correct": {name: draw(st.one_of(small.map(str), number))}}


edit = st.one_of(
    st.builds(lambda name, low, more: {"kind": "range", "variable": name, "minimum": low, "maximum": low + more},
              number, small, small),
    st.builds(lambda a, b, times: {"kind": "ratio", "rule": f"{a} <= {times} * {b}"}, amount, amount, small),
    st.builds(lambda a, b, times, names: {"kind": "ratio", "rule": f"ratio({a}, {b}) <= {times}",
                                          "blank": names or [a]}, amount, amount, small, blanked),
    st.builds(lambda rule, names: {"kind": "logical", "rule": rule, "blank": names}, condition, blanked),
    corrected(),
    st.builds(lambda name, rule: {"kind": "skip", "variable": name, "rule": rule}, number, atom),
    st.builds(lambda names, total, within: {"kind": "balance", "variables": names, "total": total, "exact": 0.5,
                                            "prorate": within},
              st.lists(number, min_size=2, max_size=4, unique=True), small, small),
    st.builds(lambda name, by: {"kind": "unit", "variable": name, "reference": by, "factors": [100], "band": 5},
              amount, amount),
)  # fmt: skip
EDITS = st.lists(edit, min_size=1, max_size=5).map(lambda found: {f"e{n}": one for n, one in enumerate(found)})
VALUE = st.one_of(st.none(), st.integers(0, 20), st.sampled_from([100, 1000]))
FIRM = st.fixed_dictionaries(
    {
        **dict.fromkeys(NUMBERS, VALUE),
        **dict.fromkeys(FACTS, st.sampled_from([None, True, False])),
        "rnd_inhouse": st.sampled_from([None, *LEVELS["rnd_inhouse"]]),
    }
)
FIRMS = st.lists(FIRM, min_size=1, max_size=12)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def cleaned(section: dict, firms: list[dict]):
    """The wave as it came and as cleaned; edits that no record can pass are another test's."""
    wave = make_wave(DICTIONARY, **{name: [firm[name] for firm in firms] for name in firms[0]})
    edits = parse_edits(section)
    try:
        fail_if_edits_do_not_fit(edits, DICTIONARY)
        return wave, edits, clean_survey(wave, edits, DICTIONARY, {}, parse_localisation(None, DICTIONARY))
    except StudyError as error:
        assume("answered nothing fails it" not in str(error))
        assume("no record can pass" not in str(error) and "cannot be worked out" not in str(error))
        raise


@SLOW
@given(EDITS, FIRMS)
def test_after_cleaning_none_of_any_edits_fails_and_every_row_is_there(section, firms):
    wave, edits, result = cleaned(section, firms)
    specs = [*edits.values(), *range_edits(DICTIONARY, wave.columns)]
    assert not any(failures(result.firms, specs, LEVELS).values())
    assert result.firms["_source_row"].to_list() == wave["_source_row"].to_list()


@SLOW
@given(EDITS, FIRMS)
def test_after_imputation_none_of_any_edits_fails_and_no_answer_has_changed(section, firms):
    wave, edits, result = cleaned(section, firms)
    steps = {name: {"without_donors": "leave", "methods": ["donor"]} for name in firms[0]}
    steps["sales_t"]["methods"] = [{"method": "ratio", "to": "sales_t1"}, "donor"]
    options = {"classes": [["rnd_inhouse"], []], "distance": {"sales_t": "log"}}
    done = impute(result.firms, DICTIONARY, steps, edits=section, **options)
    specs = [*edits.values(), *range_edits(DICTIONARY, wave.columns)]
    assert not any(failures(done.firms, specs, LEVELS).values())
    for name in firms[0]:
        answered = result.firms[name].notna()
        pd.testing.assert_series_equal(done.firms.loc[answered, name], result.firms.loc[answered, name])


@SLOW
@given(EDITS, FIRMS)
def test_cleaning_what_is_clean_changes_nothing(section, firms):
    _, edits, result = cleaned(section, firms)
    again = clean_survey(result.firms, edits, DICTIONARY, {}, parse_localisation(None, DICTIONARY))
    pd.testing.assert_frame_equal(again.firms, result.firms)
