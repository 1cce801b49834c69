"""What a codebook says about blank cells, shared skip rules and constants."""

import pytest

from innosurvey import codebook, dictionary, yamlfile
from innosurvey.errors import StudyError

KNOWN = dictionary.Dictionary([]).extended(
    {"firm_id": {"type": "string"}, "partner": {"type": "bool"}, "revision": {"type": "enum", "levels": ["3", "4"]}},
    "test",
)


def parsed(variables: str, top: str = "") -> codebook.Codebook:
    return codebook.from_yaml(yamlfile.parse(f"{top}\nvariables:\n{variables}", "codebook.yaml"), KNOWN)


def test_asked_if_takes_the_name_of_a_shared_skip_rule() -> None:
    book = parsed("  partner: {column: b, values: {1: true}, asked_if: pursued}", "skips: {pursued: firm_id != ''}")
    assert book.variables["partner"].asked_if == "firm_id != ''"


def test_asked_if_takes_an_expression_as_it_is() -> None:
    book = parsed("  partner: {column: b, values: {1: true}, asked_if: firm_id == 'a'}")
    assert book.variables["partner"].asked_if == "firm_id == 'a'"


def test_a_misspelt_skip_rule_is_met_with_the_near_name() -> None:
    with pytest.raises(StudyError, match=r"asked_if `persued` is neither a rule .* Did you mean pursued\?"):
        parsed("  partner: {column: b, values: {1: true}, asked_if: persued}", "skips: {pursued: firm_id != ''}")


def test_a_blank_cannot_stand_for_a_kind_of_missing() -> None:
    with pytest.raises(StudyError, match=r'Write `missing: \{"": not_asked\}` for it'):
        parsed("  partner: {column: b, values: {1: true}, blank: not_asked}")


def test_a_blank_needs_a_meaning_of_the_variables_type() -> None:
    with pytest.raises(StudyError, match="`0` is neither true, false nor a kind of missing"):
        parsed("  partner: {column: b, values: {1: true}, blank: 0}")


def test_a_constant_level_means_itself() -> None:
    assert parsed('  revision: {constant: "4"}').variables["revision"].values == {"4": "4"}


def test_a_constant_that_is_no_level_is_refused() -> None:
    with pytest.raises(StudyError, match="level: `5` is not one of 3, 4"):
        parsed('  revision: {constant: "5"}')


def test_what_becomes_of_rows_without_id_is_one_of_two() -> None:
    with pytest.raises(StudyError, match=r"rows_without_id: `dorp` is not one of refuse, drop\. Did you mean drop\?"):
        parsed("  firm_id: {column: a}", "file: {rows_without_id: dorp}")
