from innosurvey.report.layout_lacks import availability_table, theme_of, without_theme

from .test_wording import draft_of


def test_what_is_lacking_stands_with_its_reason():
    table = availability_table(draft_of())
    assert [row.kind for row in table.rows] == ["group", "body"]
    assert table.rows[1].cells[1].runs[0].text == "the survey has no variable new to world"


def test_a_variable_has_a_theme_by_its_name():
    assert [theme_of(name) for name in ("barrier_cost", "coop_rnd", "ksic")] == ["barriers", "cooperation", "firm"]


def test_a_title_does_not_repeat_its_theme():
    assert without_theme("Barrier: high cost", "Barriers") == "high cost"
    assert without_theme("Product innovation: goods", "Input") == "Product innovation: goods"
