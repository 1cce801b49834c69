"""Answers of a new file against those of the wave before."""

from pathlib import Path

import pandas as pd
import pytest

from innosurvey import codebook, yamlfile
from innosurvey.codebook import FileSpec
from innosurvey.draft.readers import Source, SourceColumn
from innosurvey.new_wave.codes import compare_codes
from innosurvey.new_wave.fit import Known, fit
from innosurvey.new_wave.years import Years
from tests.draft.make import WORDS

SPEC = FileSpec(format="spss")
BOOK = """\
variables:
  firm_id: {column: id}
  legal_size: {column: size, values: {1: micro, 2: small, 3: medium}}
  sales_t: {column: sales, unit: million}
  inna_ongoing: {column: ongoing, values: {1: true, 2: false}}
"""


def source(sizes=(1, 2, 3), sales=(10.0, 20.0, 35.0), label="Size of the firm", meanings=None):
    count = 90
    cells = {
        "id": [1000 + place for place in range(count)],
        "size": [sizes[place % len(sizes)] for place in range(count)],
        "sales": [sales[place % len(sales)] + place for place in range(count)],
        "ongoing": [place % 2 + 1 for place in range(count)],
    }
    labels, codes = {"size": label}, {"size": meanings or {"1": "Micro", "2": "Small", "3": "Medium"}}
    columns = tuple(
        SourceColumn(name=name, cells=pd.Series(values), label=labels.get(name, ""), meanings=codes.get(name, {}))
        for name, values in cells.items()
    )
    return Source(path=Path("new.sav"), spec=SPEC, found={}, columns=columns)


@pytest.fixture
def compare(dictionary):
    book = codebook.from_yaml(yamlfile.parse(BOOK, "book"), dictionary)
    known = Known(wave="2020", book=book, years=Years(first=2018, last=2020, new=2022), before=source())

    def compared(new):
        found = fit(known, new)
        return compare_codes(found, found.found, SPEC, WORDS)

    return compared


def said(codes):
    return {point.about: point.says for point in codes.points}


def test_the_same_answers_leave_nothing_to_decide(compare):
    assert compare(source()).points == []


def test_a_new_code_is_drafted_by_its_label(compare):
    found = compare(source(sizes=(1, 2, 3, 4), meanings={"1": "Micro", "2": "Small", "3": "Medium", "4": "Large"}))
    assert found.values == {"legal_size": {"4": "large"}}
    assert "4 (Large) have no meaning yet (drafted: 4 = large)" in said(found)["codes of legal_size"]


def test_a_code_that_many_had_and_nobody_has_is_put_to_a_person(compare):
    assert "nobody has 3 in size" in said(compare(source(sizes=(1, 2))))["codes gone of legal_size"]


def test_codes_with_other_labels_are_put_to_a_person(compare):
    found = said(compare(source(meanings={"1": "Medium", "2": "Small", "3": "Micro"})))
    assert found["code labels of legal_size, size"].startswith("codes have other labels: 1 was “Micro” and is “Medium”")


def test_a_question_with_another_label_is_put_to_a_person(compare):
    assert "is it the same question?" in said(compare(source(label="Size of the group")))["label of legal_size, size"]


def test_amounts_of_another_order_are_put_to_a_person(compare):
    assert said(compare(source(sales=(90000.0, 80000.0))))["unit of sales_t"].startswith("the amounts are of another")


def test_texts_of_few_firms_are_counted_and_not_shown(compare):
    rare = source(sizes=(1, 2, 3))
    cells = rare.columns[1].cells.astype(object)
    cells[5] = "Smith and daughters"
    changed = Source(
        path=rare.path,
        spec=SPEC,
        found={},
        columns=(rare.columns[0], SourceColumn(name="size", cells=cells), *rare.columns[2:]),
    )
    says = said(compare(changed))["codes of legal_size"]
    assert says.startswith("rarer texts, not shown (1), have no meaning yet")
