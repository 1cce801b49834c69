"""Imputing a wave: what is touched, what is not, and what is said of it."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import DataError
from tests.impute.make import flagged, impute, make_wave, values

DONOR = {"method": "donor", "classes": [[]], "distance": {"employees_t": "log"}}


def test_a_missing_amount_is_that_of_the_nearest_firm(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11, 100, 1000], sales_t=[None, 50.0, 700.0, 9000.0])
    done = impute(firms, dictionary, {"sales_t": {"methods": [DONOR]}})
    assert values(done.firms, "sales_t") == [50.0, 50.0, 700.0, 9000.0]
    assert list(done.firms["sales_t_flag"]) == ["imputed", "observed", "observed", "observed"]


@pytest.mark.parametrize("flag", ["not_asked", "not_applicable", "not_collected"])
def test_what_was_not_due_is_left_alone(dictionary, flag):
    firms = flagged(make_wave(dictionary, employees_t=[10, 11], sales_t=[None, 50.0]), "sales_t", flag)
    done = impute(firms, dictionary, {"sales_t": {"methods": [DONOR]}})
    assert values(done.firms, "sales_t") == [None, 50.0]


@pytest.mark.parametrize("flag", ["missing", "refused", "dont_know"])
def test_each_kind_of_missing_answer_is_imputed(dictionary, flag):
    firms = flagged(make_wave(dictionary, employees_t=[10, 11], sales_t=[None, 50.0]), "sales_t", flag)
    assert values(impute(firms, dictionary, {"sales_t": {"methods": [DONOR]}}).firms, "sales_t") == [50.0, 50.0]


def test_a_step_of_which_the_wave_lacks_the_variables_is_passed_over(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11])
    done = impute(firms, dictionary, {"sales_t": {"methods": [DONOR]}})
    pd.testing.assert_frame_equal(done.firms, firms)


def test_methods_are_tried_in_their_order_and_counted_by_level(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 10, 10], sales_t=[None, None, 50.0], sales_t1=[40.0, None, 25.0])
    methods = [{"method": "ratio", "to": "sales_t1", "classes": [[]]}, DONOR]
    done = impute(firms, dictionary, {"sales_t": {"methods": methods}})
    assert values(done.firms, "sales_t") == [80.0, 50.0, 50.0]
    counted = done.summary.set_index(["variable", "method"])["cells"].to_dict()
    assert counted == {("sales_t", "ratio"): 1, ("sales_t", "donor"): 1, ("sales_t1", "none"): 1}
    assert list(done.ledger["method"]) == ["ratio", "donor"]
    assert list(done.ledger["level"]) == [0, 0]


def test_a_value_that_breaks_a_hard_edit_is_passed_over_for_the_next_donor(dictionary):
    edits = {"within": {"kind": "logical", "rule": "emp_rnd <= employees_t", "blank": ["emp_rnd"]}}
    firms = make_wave(dictionary, employees_t=[10, 11, 30], emp_rnd=[None, 11, 5])
    assert values(impute(firms, dictionary, {"emp_rnd": {"methods": [DONOR]}}, edits=edits).firms, "emp_rnd")[0] == 5


def test_a_cell_for_which_no_donor_fits_stays_missing_and_is_counted(dictionary):
    edits = {"within": {"kind": "logical", "rule": "emp_rnd <= employees_t", "blank": ["emp_rnd"]}}
    firms = make_wave(dictionary, employees_t=[3, 11, 30], emp_rnd=[None, 11, 5])
    done = impute(firms, dictionary, {"emp_rnd": {"methods": [DONOR]}}, edits=edits)
    assert values(done.firms, "emp_rnd")[0] is None
    assert done.summary.to_dict("records")[0]["method"] == "none"


def test_a_bound_holds_a_value_that_would_break_the_edit(dictionary):
    edits = {"within": {"kind": "logical", "rule": "emp_rnd <= employees_t", "blank": ["emp_rnd"]}}
    firms = make_wave(dictionary, employees_t=[3, 11, 30], emp_rnd=[None, 11, 5])
    steps = {"emp_rnd": {"at_most": "employees_t", "methods": [DONOR]}}
    assert values(impute(firms, dictionary, steps, edits=edits).firms, "emp_rnd")[0] == 3


def test_an_imputed_filter_makes_its_questions_due_or_not_asked(dictionary):
    firms = make_wave(
        dictionary,
        employees_t=[10, 11, 500, 501],
        rnd_contracted=[None, True, None, False],
        n_projects_tried=[None, 4, None, None],
    )
    firms = flagged(firms, "n_projects_tried", "missing", "observed", "missing", "not_asked")
    steps = {"rnd_contracted": {"methods": [DONOR]}, "n_projects_tried": {"methods": [DONOR]}}
    done = impute(firms, dictionary, steps, asked_if={"n_projects_tried": "rnd_contracted"})
    assert values(done.firms, "rnd_contracted") == [True, True, False, False]
    assert list(done.firms["n_projects_tried_flag"]) == ["imputed", "observed", "not_asked", "not_asked"]
    assert values(done.firms, "n_projects_tried") == [4, 4, None, None]


def test_a_filter_is_not_imputed_against_an_answer_that_it_led_to(dictionary):
    firms = make_wave(
        dictionary, employees_t=[10, 10, 90], rnd_contracted=[None, False, True], n_projects_tried=[7, None, 3]
    )
    firms = flagged(firms, "n_projects_tried", "observed", "not_asked")
    done = impute(
        firms, dictionary, {"rnd_contracted": {"methods": [DONOR]}}, asked_if={"n_projects_tried": "rnd_contracted"}
    )
    assert bool(values(done.firms, "rnd_contracted")[0])


def test_a_filter_is_not_imputed_so_that_it_leads_to_a_block_that_was_left_blank(dictionary):
    block = [f"info_{name}" for name in ("internal", "open_patents", "open_journals", "open_fairs", "open_online")]
    firms = make_wave(
        dictionary,
        employees_t=[10, 10, 90],
        rnd_contracted=[None, True, False],
        **{name: [None, 2, None] for name in block},
    )
    for name in block:
        firms = flagged(firms, name, "not_asked", "observed", "not_asked")
    steps = {"rnd_contracted": {"methods": [DONOR]}}
    done = impute(firms, dictionary, steps, asked_if=dict.fromkeys(block, "rnd_contracted"))
    assert values(done.firms, "rnd_contracted") == [False, True, False]


def test_a_question_behind_a_filter_that_was_passed_over_itself_was_not_asked(dictionary):
    firms = make_wave(dictionary, rnd_contracted=[None, None], n_projects_tried=[None, None])
    firms = flagged(firms, "rnd_contracted", "not_asked", "missing")
    done = impute(firms, dictionary, {}, asked_if={"n_projects_tried": "rnd_contracted"})
    assert list(done.firms["n_projects_tried_flag"]) == ["not_asked", "missing"]


def test_a_suspect_to_be_imputed_is_blanked_and_replaced_under_its_rule(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11, 12], sales_t=[9999.0, 50.0, 60.0])
    suspects = pd.DataFrame(
        {
            "firm_id": ["f0", "f1"],
            "rule": ["outlying_sales", "outlying_sales"],
            "variable": ["sales_t", "sales_t"],
            "treatment": ["impute", "none"],
        }
    )
    done = impute(firms, dictionary, {"sales_t": {"methods": [DONOR]}}, suspects=suspects)
    assert values(done.firms, "sales_t") == [50.0, 50.0, 60.0]
    assert list(done.ledger["action"]) == ["blanked", "imputed"]
    assert set(done.ledger["rule"]) == {"outlying_sales"}


def test_a_class_without_donors_is_an_error_that_names_it(dictionary):
    firms = make_wave(
        dictionary, group_type=["independent", "independent", "domestic_group"], sales_t=[None, None, 50.0]
    )
    steps = {"sales_t": {"methods": [{"method": "donor", "classes": [["group_type"]], "distance": {}}]}}
    with pytest.raises(DataError) as error:
        impute(firms, dictionary, steps)
    message = str(error.value)
    assert "imputation.steps.sales_t.methods[1], wave 2018: classes of group_type" in message
    assert "independent: 2 firms to impute, 0 donors" in message
    assert "`without_donors: leave`" in message


def test_a_class_without_donors_may_be_left(dictionary):
    firms = make_wave(dictionary, group_type=["independent", "domestic_group"], sales_t=[None, 50.0])
    method = {"method": "donor", "classes": [["group_type"]], "distance": {}}
    done = impute(firms, dictionary, {"sales_t": {"without_donors": "leave", "methods": [method]}})
    assert values(done.firms, "sales_t") == [None, 50.0]


def test_classes_fall_back_to_the_first_level_with_donors_enough(dictionary):
    kinds = ["independent"] * 2 + ["domestic_group"] * 3
    firms = make_wave(dictionary, group_type=kinds, employees_t=[10] * 5, sales_t=[None, 1.0, 2.0, 2.0, 2.0])
    method = {"method": "donor", "classes": [["group_type"], []], "distance": {}, "minimum_donors": 2}
    done = impute(firms, dictionary, {"sales_t": {"methods": [method]}})
    assert list(done.ledger["level"]) == [1]


def test_a_donor_serves_no_more_than_its_share(dictionary):
    firms = make_wave(dictionary, employees_t=[10] * 4 + [11, 90], sales_t=[None] * 4 + [5.0, 90.0])
    done = impute(firms, dictionary, {"sales_t": {"methods": [{**DONOR, "max_uses": 3}]}})
    assert sorted(values(done.firms, "sales_t")[:4]) == [5.0, 5.0, 5.0, 90.0]


def test_an_imputed_answer_is_never_passed_on(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11, 90], sales_t=[7.0, None, 90.0])
    firms = flagged(firms, "sales_t", "imputed")
    done = impute(firms, dictionary, {"sales_t": {"methods": [DONOR]}})
    assert values(done.firms, "sales_t") == [7.0, 90.0, 90.0]


def test_without_multiple_imputation_there_are_no_draws(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11], sales_t=[None, 50.0])
    assert impute(firms, dictionary, {"sales_t": {"methods": [DONOR]}}).draws.empty


def test_draws_differ_and_leave_the_single_imputation_as_it_is(dictionary):
    rng = np.random.default_rng(1)
    sales = [None] * 30 + list(rng.lognormal(3, 1, 170))
    firms = make_wave(dictionary, employees_t=list(rng.integers(10, 99, 200)), sales_t=sales)
    steps = {"sales_t": {"methods": [DONOR]}}
    single, many = impute(firms, dictionary, steps), impute(firms, dictionary, steps, multiple=4)
    pd.testing.assert_frame_equal(single.firms, many.firms)
    assert len(many.draws) == 30 * 4
    assert (
        many.draws.groupby("firm_id")["value"].nunique() >= 2
    ).mean() > 0.5  # a bootstrap leaves the nearest donor out in a third of the draws
