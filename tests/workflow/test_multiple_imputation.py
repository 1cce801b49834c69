"""The small study with three imputations, built to the end, beside the same study with one."""

import pandas as pd
import pytest

pytestmark = pytest.mark.slow
DRAWS = 3
TABLES = ("describe", "compare", "coefficients")


@pytest.fixture(scope="module")
def multiple(built, tmp_path_factory):
    """The small study with multiple imputation: the report is written, and its checks pass."""
    project = built.copy(tmp_path_factory.mktemp("multiple") / "project")
    study = project.folder / "tiny.yaml"
    study.write_text(study.read_text(encoding="utf-8") + f"\nimputation: {{multiple: {DRAWS}}}\n", encoding="utf-8")
    ran = project.report()
    assert ran.code == 0, ran.out + ran.err
    return project


def estimates(project, name):
    return pd.read_csv(project.folder / f"results/seoul/estimates/{name}.csv")


def slices(project):
    return sorted((project.folder / "results/seoul/microdata/slices").rglob("*.parquet"))


def test_the_report_is_written_and_checked(multiple):
    publish = multiple.folder / "results/seoul/publish"
    assert (publish / "report.en.html").exists()
    assert (publish / "manifest.json").exists()


@pytest.mark.parametrize("name", TABLES)
def test_the_estimates_say_what_the_missing_answers_cost(multiple, name):
    assert estimates(multiple, name)["fmi"].dropna().between(0, 1).all()
    assert (estimates(multiple, name)["fmi"] > 0).any()


@pytest.mark.parametrize("name", TABLES)
def test_a_single_imputation_says_nothing_of_it(built, name):
    table = estimates(built, name)
    assert "fmi" not in table or table["fmi"].isna().all()


def test_errors_are_on_average_at_least_those_of_a_single_imputation(built, multiple):
    keys = ["cohort", "group", "wave", "item"]
    both = estimates(built, "describe").merge(estimates(multiple, "describe"), on=keys, suffixes=("_one", "_many"))
    known = both[(both["se_one"] > 0) & (both["se_many"] > 0)]
    assert len(known) > 100
    assert (known["se_many"] / known["se_one"]).mean() >= 1


def test_only_multiple_imputation_has_draws(built, multiple):
    assert slices(built)
    for path in slices(built):
        assert "draw" not in pd.read_parquet(path).columns
    for path in slices(multiple):
        assert sorted(pd.read_parquet(path)["draw"].unique()) == list(range(1, DRAWS + 1))
