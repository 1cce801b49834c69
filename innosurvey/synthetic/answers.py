"""The questionnaire: what a firm would answer, in canonical variables, before anybody forgets, refuses or errs.

One function per section of the questionnaire. A cell is None where the question is skipped (the dictionary's `rule`);
everything else is answered, consistent and rounded as the wave's form asks (thousand KRW in 2018, million KRW since).
The hard edits hold on these answers by construction.
"""

import numpy as np
import pandas as pd

from innosurvey.synthetic.calibration import graded, whole_shares
from innosurvey.synthetic.declared import by_level, levels
from innosurvey.synthetic.network import FINANCE_BARRIERS, INTERNAL_BARRIERS
from innosurvey.synthetic.outputs import SUPPORT_SHARES
from innosurvey.synthetic.respondents import Respondents, asked

OTHER_BARRIERS = ("partners", "demand", "competition", "imitation", "regulation")
OTHER_ACTIVITIES = {
    "design_engineering": 0.34,
    "training": 0.38,
    "software_data": 0.36,
    "ip": 0.22,
    "capital": 0.27,
    "market_introduction": 0.24,
    "management": 0.25,
}
FUNDS = {"own": 9.0, "gov_grant": 0.05, "gov_loan": 0.45, "bank": 0.45, "equity": 0.20, "other": 0.12}
ACQUISITION = {"own": 4.0, "joint": 0.8, "outsourced": 0.5, "imported": 0.25}
"""Weights of the sources of funds and of the ways to acquire technology: shapes of gamma draws."""
SOME_OWN = 1e-9
"""Keeps the weights of a firm from all being zero."""
DEVELOPERS = {"self": 0.76, "with_others": 0.24, "adapted": 0.13, "by_others": 0.08}
FAILURE_REASONS = {
    "market": 0.34,
    "technology": 0.30,
    "funds": 0.26,
    "staff": 0.28,
    "partner": 0.12,
    "regulation": 0.10,
    "other": 0.06,
}


def true_answers(respondents: Respondents) -> pd.DataFrame:
    """Return one row per respondent and one object column per canonical variable of the questionnaire."""
    columns: dict[str, np.ndarray] = {}
    for section in _SECTIONS:
        columns |= section(respondents, columns)
    columns["hours_to_complete"] = np.round(1.6 * np.exp(0.45 * respondents.rng.standard_normal(len(respondents))), 1)
    return pd.DataFrame({name: np.asarray(cells).astype(object) for name, cells in columns.items()})


def _firm(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    names = ("firm_id", "response_status", "founding_year", "ksic", "gu", "group_type")
    return {name: r[name] for name in names} | {"lifecycle_self": r["lifecycle"]}


def _staff(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Staff of three years; R&D staff only where R&D is done in house; legal size by staff."""
    staff = r.employees.to_numpy()
    performs, micro = r["performs"], np.where(r["manufacturing"], 10, 5)
    researchers = np.minimum(1 + r.rng.poisson(0.11 * r["employees"]), r["employees"])
    sizes = levels("legal_size")
    size = np.select([staff[:, 0] >= 500, staff[:, 0] >= 50, staff[:, 0] >= micro], list(sizes[:3]), sizes[3])
    latent = 1.0 * performs + r.rng.standard_normal(len(r))
    unit = np.full(len(r), "none", dtype=object)
    for holders, share in ((r["venture"], 0.595), (r["certified"] & ~r["venture"], 0.45), (~r["certified"], 0.05)):
        grades = graded(latent[holders], [1 - share, share * 0.3, share * 0.7])
        unit[holders] = np.array(levels("rnd_unit")[::-1])[grades]
    return {
        "legal_size": size,
        "employees_t": staff[:, 0].astype(int),
        "employees_t1": _known(staff[:, 1]),
        "employees_t2": _known(staff[:, 2]),
        "emp_tertiary_pct": r["tertiary"],
        "emp_rnd": np.where(answers["rnd_inhouse"] != "none", researchers, 0).astype(int),
        "rnd_unit": unit,
    }


def _known(amounts: np.ndarray) -> np.ndarray:
    """Return whole numbers, None before the firm existed."""
    return asked(np.nan_to_num(amounts).astype(int), ~np.isnan(amounts))


def _money(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    sales = r.sales.to_numpy()
    now = r.money(sales[:, 0])
    years = {
        f"sales_t{back}": asked(r.money(np.nan_to_num(sales[:, back])), ~np.isnan(sales[:, back])) for back in (1, 2)
    }
    return {
        "sales_t": now,
        **years,
        "exports_t": np.minimum(r.money(r["export_share"] * sales[:, 0]), now),
        "operating_profit_t": r.money(r["operating_profit"], at_least=np.inf),
        "total_assets_t": r.money(r["total_assets"]),
    }


def _product(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Product innovation by kind and novelty, and shares of sales that sum to 100."""
    who, market = r["product"], r["new_to_market"]
    goods = r.rng.random(len(r)) < np.where(r["manufacturing"], 0.92, 0.42)
    services = ~goods | (r.rng.random(len(r)) < np.where(r["manufacturing"], 0.12, 0.55))
    firm_only = ~market | (r.rng.random(len(r)) < 0.65)
    split = np.where(market & firm_only, r["novelty"], market.astype(float))
    shares = whole_shares(np.column_stack([r["new_share"] * split, r["new_share"] * (1 - split), 1 - r["new_share"]]))
    names = ("turn_new_mkt_pct", "turn_new_ent_pct", "turn_unchanged_pct")
    return {
        "inno_prd_goods": who & goods,
        "inno_prd_services": who & services,
        "inno_prd_new_mkt": asked(market, who),
        "inno_prd_new_ent": asked(firm_only, who),
        **{name: asked(shares[:, place], who) for place, name in enumerate(names)},
        "developer_prd": asked(r.chosen(by_level("developer_prd", DEVELOPERS)), who),
    }


def _process(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Business-process innovation item by item: whoever innovates has one item at least."""
    technical = {"production": 0.50, "logistics": 0.20, "ict": 0.42, "admin": 0.26}
    organisational = {"procedures": 0.62, "workorg": 0.68}
    items: dict[str, np.ndarray] = {}
    for kind, shares in (("process", technical), ("organisational", organisational)):
        levels = pd.Series(r.chosen(shares)).str.split("|")
        items |= {
            f"inno_pcs_{item}": r[kind] & levels.map(lambda picked, item=item: item in picked).to_numpy(dtype=bool)
            for item in shares
        }
    return {
        **items,
        "inno_pcs_marketing": r["marketing"],
        "cost_reduction_pct": asked(np.round(r["cost_reduction"]), r["process"]),
        "developer_pcs": asked(r.chosen(by_level("developer_pcs", DEVELOPERS)), r["process"]),
    }


def _activities(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    performs, active = r["performs"], r["active"]
    contracted_only = performs & (r.rng.random(len(r)) < 0.04)
    continuous = r.rng.random(len(r)) < 0.58
    others = np.where(active, r.chosen(by_level("act_other", OTHER_ACTIVITIES), at_least_one=False), "")
    return {
        "inna_completed_no_inno": r["completed"],
        "inna_ongoing": r["ongoing"],
        "inna_abandoned": r["abandoned"],
        "inna_intended_only": asked(r.rng.random(len(r)) < 0.27, ~active),
        "rnd_inhouse": np.where(performs & ~contracted_only, np.where(continuous, "continuous", "occasional"), "none"),
        "rnd_contracted": contracted_only | (performs & (r.rng.random(len(r)) < 0.22)),
        "act_other": others,
    }


def _expenditure(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Money spent by type (0 without the activity), and where it came from (asked where any was spent)."""
    inside, outside = answers["rnd_inhouse"] != "none", answers["rnd_contracted"].astype(bool)
    share_out = np.where(inside, np.where(outside, r.rng.beta(1.5, 5.0, len(r)), 0.0), 1.0)
    others = answers["act_other"] != ""
    other = np.where(others, r["sales"] * 0.012 * np.exp(0.8 * r.rng.standard_normal(len(r))), 0.0)
    spent = {
        "exp_rnd_in": r.money(r["rnd"] * (1 - share_out)) * inside,
        "exp_rnd_out": r.money(r["rnd"] * share_out) * outside,
        "exp_other": r.money(other),
    }
    some = sum(spent.values()) > 0
    weights = r.rng.gamma(np.array(list(FUNDS.values())), 1.0, (len(r), len(FUNDS))) + SOME_OWN
    weights[:, 1] += r["support"] * r.rng.gamma(2.2, 1.0, len(r))
    shares = whole_shares(weights)
    acquired = whole_shares(r.rng.gamma(np.array(list(ACQUISITION.values())), 1.0, (len(r), len(ACQUISITION))) + 1e-9)
    return {
        **spent,
        **{f"fin_{name}": asked(shares[:, place], some) for place, name in enumerate(FUNDS)},
        **{f"acq_{name}_pct": asked(acquired[:, place], r["performs"]) for place, name in enumerate(ACQUISITION)},
    }


def _projects(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    performs, active = r["performs"], r["active"]
    failed = r["abandoned"] | np.isin(r["goal"].astype(str), ("hardly", "none"))
    return {
        "n_projects_tried": asked(r["projects_tried"], performs),
        "n_projects_tech_success": asked(r["projects_succeeded"], performs),
        "n_projects_commercialised": asked(r["projects_commercialised"], performs),
        "goal_attainment": asked(r["goal"], active),
        "failure_stage": asked(r["failure_stage"], failed),
        "failure_reason": asked(r.chosen(by_level("failure_reason", FAILURE_REASONS)), failed),
        **{f"mot_{phase}": asked(r[f"mot_{phase}"].astype(int), active) for phase in levels("failure_stage")},
        "dept_coordination": r["dept_coordination"].astype(int),
    }


def _network(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Cooperation on R&D or on other innovation, partners by place (none where there is none), and sources of
    information.
    """
    cooperates, active = r["cooperation"], r["active"]
    on_rnd = cooperates & (r.rng.random(len(r)) < np.where(r["performs"], 0.82, 0.25))
    on_other = cooperates & (~on_rnd | (r.rng.random(len(r)) < 0.30))
    partners = [name for name in r.rows.columns if name.startswith("partner_")]
    sources = [name for name in r.rows.columns if name.startswith("source_")]
    return {
        "coop_rnd": asked(on_rnd, active),
        "coop_other_inno": asked(on_other, active),
        **{
            name.replace("partner_", "coop_"): asked(np.where(r[name] == "", "none", r[name]), cooperates)
            for name in partners
        },
        "coop_best_partner": asked(r["best_partner"], cooperates),
        **{name.replace("source_", "info_"): asked(r[name].astype(int), active) for name in sources},
    }


def _rights(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {
        "ip_patent_appl": r["patents"],
        "ip_utility": r["utility"],
        "ip_design": r["design"],
        "ip_trademark": r["trademark"],
        "ip_patent_stock": r["patent_stock"],
        "ip_bought": r["rights_bought"],
        "ip_sold": r["rights_sold"],
    }


def _support(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    forms = ("tax", "rnd_grant", *(form for form in SUPPORT_SHARES if form != "tax"))
    return {
        **{f"support_{form}": r[f"support_{form}"] for form in forms},
        "support_amount": asked(r.money(r["support_amount"]), r["support"]),
    }


def _barriers(r: Respondents, answers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    names = (*FINANCE_BARRIERS, *INTERNAL_BARRIERS, *OTHER_BARRIERS)
    return {
        **{f"barrier_{name}": r[f"barrier_{name}"].astype(int) for name in names},
        "barrier_no_need": asked(r["barrier_no_need"].astype(int), ~r["active"]),
    }


_SECTIONS = (
    _firm,
    _activities,
    _staff,
    _money,
    _product,
    _process,
    _expenditure,
    _projects,
    _network,
    _rights,
    _support,
    _barriers,
)
