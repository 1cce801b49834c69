import numpy as np
import pytest


@pytest.mark.parametrize("scenario", ["claimed", "null", "reversed"])
@pytest.mark.parametrize(
    ("column", "equation"), [("performs", "selection"), ("product", "product"), ("process", "process")]
)
def test_shares_are_the_same_in_every_scenario(world_of, scenario, column, equation):
    world = world_of(scenario)
    targets = world.truth["equations"][equation]["targets"]
    panel = world.innovation.panel  # all windows: intercepts are solved for over these
    shares = panel.groupby("certified")[column].mean()
    assert [shares[True], shares[False]] == pytest.approx([targets["certified"], targets["other"]], abs=0.001)


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("null", 0), ("reversed", -1)])
def test_product_innovation_moves_productivity_as_the_scenario_says(world_of, scenario, sign):
    panel = world_of(scenario).innovation.panel
    explained = panel["log_productivity"] - panel["productivity_error"]
    controls = ["log_employees", "log_capital_per_employee", "year"]
    groups = ["hightech_manufacturing", "other_manufacturing", "professional", "trade_services"]
    drivers = ["product", "process", "nontechnical", "technical_x_nontechnical"]
    design = np.column_stack([np.ones(len(panel)), panel[[*drivers, *controls, *groups]].to_numpy(dtype=float)])
    found = np.linalg.lstsq(design, explained.to_numpy(), rcond=None)[0][1:5]
    # without its error the equation holds exactly
    assert found == pytest.approx(sign * np.array([0.22, 0.14, 0.05, 0.15]), abs=1e-6)


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("reversed", -1)])
def test_firms_with_more_latent_research_innovate_as_the_scenario_says(world_of, scenario, sign):
    panel = world_of(scenario).innovation.panel
    certified = panel[panel["certified"]]
    gap = (
        certified.loc[certified["product"], "tertiary"].mean() - certified.loc[~certified["product"], "tertiary"].mean()
    )
    assert sign * gap > 1.0  # tertiary education acts through research only


def test_in_the_null_scenario_education_leaves_innovation_alone(world_of):
    panel = world_of("null").innovation.panel
    certified = panel[panel["certified"]]
    gap = (
        certified.loc[certified["product"], "tertiary"].mean() - certified.loc[~certified["product"], "tertiary"].mean()
    )
    assert abs(gap) < 1.5  # spread 20, about 5,000 rows of 2,000 firms: standard error about 0.7


def test_expenditure_is_positive_for_performers_only(world):
    panel = world.innovation.panel
    assert ((panel["rnd"] > 0) == panel["performs"]).all()


def test_certified_firms_have_the_declared_research_to_sales_ratio(world):
    panel = world.innovation.panel
    counted = panel[panel["certified"] & (panel["window"] > 0)]
    assert counted["rnd"].sum() / counted["sales"].sum() == pytest.approx(0.044, abs=1e-6)


def test_sales_of_a_window_year_follow_from_productivity_and_staff(world):
    row = world.innovation.panel.iloc[0]
    assert world.innovation.sales.loc[row["firm"], row["year"]] == pytest.approx(row["sales"])


def test_support_goes_to_certified_firms_more_often(world):
    shares = world.innovation.panel.groupby("certified")["support"].mean()
    assert shares[True] > 3 * shares[False]
