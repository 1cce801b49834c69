"""Reading the section `imputation:`."""

import pytest

from innosurvey import coverage, study
from innosurvey.errors import StudyError
from innosurvey.impute.spec import columns_before, parse_imputation


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"stepps": {}}, r"imputation: unknown key `stepps`. Did you mean steps\?"),
        ({"multiple": 0}, "imputation.multiple: expected a whole number from 1, not `0`"),
        ({"seed": "x"}, "imputation.seed: expected a whole number from 0"),
        ({"classes": ["size_class"]}, "imputation.classes: write a list of lists"),
        ({"distance": {"sales_t": "logg"}}, r"`logg` is not one of log, linear. Did you mean log\?"),
        ({"steps": {"sales_t": {"methods": ["doner"]}}}, r"`doner` is not one of .* Did you mean donor\?"),
        ({"steps": {"sales_t": {}}}, "imputation.steps.sales_t: `methods` is missing"),
        ({"steps": {"sales_t": {"methods": [{"method": "rule"}]}}}, "give `value: <expression>` for one variable"),
        ({"steps": {"sales_t": {"methods": [{"method": "ratio"}]}}}, r"methods\[1\]: `to` is missing"),
        ({"steps": {"sales_t": {"methods": ["prorate"]}}}, "prorating needs what the parts add up to"),
        (
            {"steps": {"sales_t": {"methods": [{"method": "rule", "value": "sales +"}]}}},
            "does not read as an expression",
        ),
        ({"steps": {"sales_t": {"methods": ["donor"], "without_donors": "stop"}}}, "`stop` is not one of error, leave"),
        (
            {"steps": {"two": {"variables": ["sales_t", "exports_t"], "methods": [{"method": "ratio", "to": "x"}]}}},
            "ratio imputes one variable",
        ),
    ],
)
def test_a_slip_is_answered_with_its_place(section, message):
    with pytest.raises(StudyError, match=message):
        parse_imputation(section)


def test_nothing_imputes_nothing():
    assert parse_imputation(None).steps == ()


def test_general_settings_hold_unless_a_method_has_its_own():
    section = {
        "classes": [["group_type"], []],
        "steps": {"sales_t": {"methods": ["donor", {"method": "donor", "classes": [[]]}]}},
    }
    first, second = parse_imputation(section).steps[0].methods
    assert first.ladder == (("group_type",), ())
    assert second.ladder == ((),)


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ("sale: {methods: [{method: donor}]}", r"imputation.steps.sale.variables: there is no variable sale"),
        ("innovator: {methods: [{method: donor}]}", "there is no variable innovator"),
        ("sales_t: {methods: [{method: rule, value: register_sale}]}", r"Did you mean register_sales\?"),
        ("sales_t: {methods: [{method: donor, classes: [[size_clas]]}]}", r"Did you mean size_class\?"),
    ],
)
def test_an_unknown_name_is_refused_when_the_study_is_read(tmp_path, root, overlay, message):
    path = tmp_path / "mine.yaml"
    path.write_text(f"study: seoul\nimputation: {{steps: {{{overlay}}}}}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        coverage.cover(study.read(*study.BASE, path), root)


def test_the_studys_own_steps_can_be_read(root):
    spec = parse_imputation(study.read(*study.BASE).programme["imputation"])
    assert spec.multiple == 1
    assert len({name for step in spec.steps for name in step.variables}) > 80


def test_of_the_wave_before_only_what_a_method_looks_up_is_read():
    methods = {"methods": [{"method": "previous", "of": "sales_last"}, "donor"]}
    spec = parse_imputation({"steps": {"sales_t": methods, "employees_t": {"methods": ["donor"]}}})
    assert columns_before(spec) == ["firm_id", "sales_last", "sales_last_flag"]
