import pytest

from innosurvey.fingerprint import reached_modules
from innosurvey.report import words
from innosurvey.report.figures import drawing, kept, plans
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.figures.kept import Kept, files_of, kept_from
from innosurvey.report.words import asked_for, words_at, words_in

from ..conftest import font_files
from ..made_up import made_up_context, made_up_tables

TWO = ("size_curve", "coefficients")


@pytest.fixture
def two_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of two figures."""
    monkeypatch.setattr(drawing, "figures_of", lambda _: {name: plans.FIGURES[name] for name in TWO})


@pytest.fixture
def before(two_figures: None) -> dict[str, bytes]:
    """The drawings that a run kept, as files."""
    return files_of(drawn_with({}).now)


def drawn_with(files: dict[str, bytes], environment: str = "lock", **changed: object) -> Kept:
    """Draw the figures with those files of an earlier run, and return what is kept now."""
    context = made_up_context(**changed)
    known = kept_from(files, "en", context, font_files(), environment)
    draw_figures(made_up_tables(), context, "en", font_files(), known)
    return known


def taken_over(known: Kept) -> set[str]:
    return {name for name, one in known.now.items() if one is known.before.get(name)}


def test_a_figure_of_which_nothing_changed_is_not_drawn_again(before: dict[str, bytes]):
    again = drawn_with(before)
    assert taken_over(again) == set(TWO)
    assert files_of(again.now) == before


def test_what_is_published_is_the_same_with_and_without_earlier_drawings(before: dict[str, bytes]):
    known = kept_from(before, "en", made_up_context(), font_files(), "lock")
    with_them = draw_figures(made_up_tables(), made_up_context(), "en", font_files(), known)
    assert with_them == draw_figures(made_up_tables(), made_up_context(), "en", font_files())


def test_a_change_in_the_code_of_one_figure_has_that_one_drawn_again(before, monkeypatch: pytest.MonkeyPatch):
    fingerprint = kept.code_fingerprint
    changed = "innosurvey/report/figures/curves.py"
    monkeypatch.setattr(
        kept, "code_fingerprint", lambda file, root: fingerprint(file, root) + "'" * (str(file) == changed)
    )
    assert taken_over(drawn_with(before)) == {"coefficients"}


def test_the_code_of_one_figure_does_not_reach_that_of_another():
    root = words.ROOT
    reached = reached_modules(root / "innosurvey/report/figures/curves.py", root)
    assert root / "innosurvey/report/figures/style.py" in reached
    assert root / "innosurvey/report/figures/paths.py" not in reached


def test_a_change_in_the_data_of_one_figure_has_that_one_drawn_again(before: dict[str, bytes]):
    tables = made_up_tables()
    tables["coefficients"] = tables["coefficients"].assign(estimate=lambda rows: rows["estimate"] / 2)
    known = kept_from(before, "en", made_up_context(), font_files(), "lock")
    draw_figures(tables, made_up_context(), "en", font_files(), known)
    assert taken_over(known) == {"size_curve"}


@pytest.mark.parametrize(
    ("changed", "kept_still"), [("figure_share", {"coefficients"}), ("title_size_curve", set(TWO))]
)
def test_a_word_has_the_figures_drawn_again_that_show_it(before, monkeypatch, changed: str, kept_still: set[str]):
    told = words_in("en")
    assert changed in told
    monkeypatch.setattr(kept, "words_in", lambda _: {**told, changed: "Another text"})
    assert taken_over(drawn_with(before)) == kept_still


def test_other_libraries_or_titles_have_all_drawn_again(before: dict[str, bytes]):
    assert not taken_over(drawn_with(before, environment="another lock"))
    assert not taken_over(drawn_with(before, currency="EUR"))


@pytest.mark.parametrize("spoilt", ["size_curve.svg", "size_curve.png", "size_curve.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"cut off"])
def test_a_kept_file_that_is_gone_or_altered_has_its_figure_drawn_again(before, spoilt: str, content: bytes | None):
    files = {name: text for name, text in before.items() if name != spoilt}
    files |= {} if content is None else {spoilt: content}
    again = drawn_with(files)
    assert taken_over(again) == {"coefficients"}
    assert files_of(again.now) == before


def test_words_are_noted_however_they_are_asked_for():
    korean = words_in("ko")
    with asked_for() as asked:
        words_at("en", 0.9)
        words_in("en").get("no_such_word")
        _ = "figure" in korean, words_in("en")["table"]
    assert asked == {"no_such_word", "figure", "table"}


def test_a_plan_names_the_module_that_draws():
    assert all((words.ROOT / kept.file_of(plan.draw.__module__)).is_file() for plan in plans.FIGURES.values())
