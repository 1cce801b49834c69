"""A made-up study for the report's tests: its tables with plausible rows, and its context. No number is real, those of
the printed tables apart.
"""

import zlib

import pandas as pd

from innosurvey import describe
from innosurvey.report.document import Document

from . import made_up_claims, made_up_contrasts, made_up_policy, made_up_regions, made_up_robustness
from .made_up_reference import printed_tables, printed_words

WAVES = ("2018", "2020", "2022")
PERIODS = (*WAVES, "all")
MINIMUM_N = 10

# id: (theme, title, statistic, unit, level, decimals)
ITEMS = {
    "rnd_performer": ("input", "Firms that perform R&D", "share", "percent", 52.0, None),
    "rd_expenditure_total": ("input", "R&D expenditure, total", "total", "currency_million", 1_843_000.0, None),
    "rd_intensity": ("input", "R&D expenditure in percent of sales", "ratio", "percent", 4.4, None),
    "rnd_staff_share": ("input", "R&D staff in percent of employees", "ratio", "percent", 17.1, None),
    "cooperation": ("cooperation", "Firms that cooperate in innovation", "share", "percent", 30.0, None),
    "cooperates_universities": (
        "cooperation",
        "Firms that cooperate with universities",
        "share",
        "percent",
        12.0,
        None,
    ),
    "uses_internal": (
        "information",
        "Firms that use their own organisation as a source",
        "share",
        "percent",
        70.0,
        None,
    ),
    "uses_clients": (
        "information",
        "Firms that use clients as a source of information",
        "share",
        "percent",
        55.0,
        None,
    ),
    "uses_suppliers": (
        "information",
        "Firms that use suppliers as a source of information",
        "share",
        "percent",
        33.0,
        None,
    ),
    "uses_competitors": ("information", "Firms that use competitors as a source", "share", "percent", 29.0, None),
    "uses_universities": ("information", "Firms that use universities as a source", "share", "percent", 18.0, None),
    "uses_public_institutes": (
        "information",
        "Firms that use public research institutes",
        "share",
        "percent",
        15.0,
        None,
    ),
    "info_research": ("information", "Importance of research institutions (0-3)", "mean", "importance", 0.84, 2),
    "innovator": ("output", "Innovators of any type", "share", "percent", 46.0, None),
    "product_innovation": ("output", "Product innovators", "share", "percent", 35.0, None),
    "process_innovation": ("output", "Process innovators", "share", "percent", 21.0, None),
    "organisational_innovation": ("output", "Organisational innovators", "share", "percent", 19.0, None),
    "marketing_innovation": ("output", "Marketing innovators", "share", "percent", 14.0, None),
    "new_product_share": ("output", "Turnover from new products", "mean", "percent", 11.0, None),
    "patent_applications": ("output", "Patent applications per firm", "mean", "count", 0.71, 2),
    "sales_mean": ("economic", "Sales per firm, mean", "mean", "currency_million", 6900.0, 0),
    "sales_per_employee": ("economic", "Sales per employee", "ratio", "currency_million", 284.0, None),
    "export_share": ("economic", "Exports in percent of sales", "ratio", "percent", 8.0, None),
    "age_median": ("economic", "Age of the firm, median", "median", "years", 9.0, None),
    "high_own_funds": ("barriers", "Lack of own funds is a high barrier", "share", "percent", 30.0, None),
    "high_external_finance": ("barriers", "Lack of external finance is a high barrier", "share", "percent", 24.0, None),
    "high_staff": ("barriers", "Lack of qualified staff is a high barrier", "share", "percent", 26.0, None),
    "high_capability": ("barriers", "Lack of innovation capability is a high barrier", "share", "percent", 17.0, None),
    "high_market_info": ("barriers", "Lack of market information is a high barrier", "share", "percent", 12.0, None),
    "support_any": ("support", "Firms that used public support", "share", "percent", 41.0, None),
}

# id: (title, kind, {group: (title, n per wave, shift)})
COHORTS = {
    "all": ("All firms", "partition", {"all": ("All firms", 4000, 0.0)}),
    "certified": (
        "Certified innovative SMEs",
        "partition",
        {"certified": ("Certified", 2700, 0.3), "not_certified": ("Not certified", 1300, -0.4)},
    ),
    "certification": (
        "Certificates",
        "overlapping",
        {"venture": ("Venture", 2200, 0.3), "innobiz": ("Inno-Biz", 900, 0.4), "mainbiz": ("Main-Biz", 650, 0.1)},
    ),
    "activity_seoul": (
        "Active and dormant firms (Seoul)",
        "partition",
        {"active": ("Active", 1650, 0.5), "dormant": ("Dormant", 1050, -0.6)},
    ),
    "outcome_goal": (
        "Success and failure by goal",
        "partition",
        {"success": ("Successful", 1200, 0.2), "failure": ("Failed", 420, -0.3)},
    ),
    "stage_self": (
        "Life-cycle stage as reported",
        "partition",
        {
            "startup": ("Start-up", 500, 0.15),
            "early_growth": ("Early growth", 900, 0.3),
            "high_growth": ("High growth", 1300, 0.2),
            "mature": ("Maturity", 1100, -0.1),
            "decline": ("Decline", 160, -0.4),
        },
    ),
    "size_cis": (
        "Size class (CIS)",
        "partition",
        {
            "micro": ("Up to 9 employees", 1500, -0.5),
            "small": ("10 to 49 employees", 1800, 0.0),
            "medium": ("50 to 249 employees", 690, 0.4),
            "large": ("250 employees and more", 8, 0.8),  # below the threshold in each wave, so it is suppressed
        },
    ),
    "zone": (
        "Zones of Seoul",
        "partition",
        {
            "central": ("Central", 520, 0.0),
            "north_east": ("North-east", 700, -0.1),
            "north_west": ("North-west", 330, 0.0),
            "south_west": ("South-west", 1300, 0.2),
            "south_east": ("South-east", 1150, 0.3),
        },
    ),
    "gu": ("Districts of Seoul", "partition", {}),
}

DISTRICTS = (
    "Jongno-gu",
    "Jung-gu",
    "Yongsan-gu",
    "Seongdong-gu",
    "Gwangjin-gu",
    "Dongdaemun-gu",
    "Jungnang-gu",
    "Seongbuk-gu",
    "Gangbuk-gu",
    "Dobong-gu",
    "Nowon-gu",
    "Eunpyeong-gu",
    "Seodaemun-gu",
    "Mapo-gu",
    "Yangcheon-gu",
    "Gangseo-gu",
    "Guro-gu",
    "Geumcheon-gu",
    "Yeongdeungpo-gu",
    "Dongjak-gu",
    "Gwanak-gu",
    "Seocho-gu",
    "Gangnam-gu",
    "Songpa-gu",
    "Gangdong-gu",
)

# comparison: (cohort, reference, items)
COMPARISONS = {
    "active_output": ("activity_seoul", "dormant", ("output", "economic")),
    "outcome_network": ("outcome_goal", "success", ("information", "cooperation")),
    "outcome_barriers": ("outcome_goal", "success", ("barriers",)),
    "certified_input_output": ("certified", "not_certified", ("input", "output")),
    "stage_external": ("stage_self", "mature", ("cooperation", "support")),
    "size_innovation": ("size_cis", "medium", ("output",)),
}

# model: (family, estimator, outcome, question, terms, cohort)
MODELS = {
    "product_on_rd": (
        "knowledge",
        "logit",
        "product_innovation",
        "Does R&D raise product innovation?",
        ("log1p(rd_per_employee)", "cooperation", "log_employees", "wave[2020]", "const", "ame:log1p(rd_per_employee)"),
        "all",
    ),
    "process_on_rd": (
        "knowledge",
        "logit",
        "process_innovation",
        "Does R&D raise process innovation?",
        ("log1p(rd_per_employee)", "cooperation", "log_employees", "wave[2020]", "const", "ame:log1p(rd_per_employee)"),
        "all",
    ),
    "productivity_on_innovation": (
        "productivity",
        "fe",
        "log_sales_per_employee",
        "Do innovators sell more per employee?",
        ("product_innovation", "process_innovation", "log_employees", "technical_innovation:nontechnical_innovation"),
        "all",
    ),
    "growth_on_support": (
        "productivity",
        "fe",
        "sales_growth",
        "Do supported firms grow faster?",
        ("support_any", "log_employees"),
        "certification",
    ),
    "chain": (
        "cdm",
        "cdm",
        "log_sales_per_employee",
        "What is the chain from R&D to productivity?",
        made_up_claims.CHAIN_TERMS,
        "all",
    ),
}
EMPTY = Document(
    study="s",
    title="T",
    subtitle="",
    language="en",
    synthetic=False,
    attribution="",
    release_date="2024-06-30",
    version="1",
    sections=(),
    trace=(),
)
"""A document without a section."""


def wobble(*names: str) -> float:
    """Return a number in [-1, 1] that is always the same for the same names."""
    return zlib.crc32("/".join(names).encode()) % 2001 / 1000 - 1


def groups_of(cohort: str) -> dict[str, tuple[str, int, float]]:
    """Return the groups of a cohort; the districts get their sizes from their names."""
    if cohort != "gu":
        return COHORTS[cohort][2]
    return {name: (name, int(120 + 110 * wobble(name)), 0.3 * wobble("shift", name)) for name in DISTRICTS}


def made_up_tables(direction: int = 1) -> dict[str, pd.DataFrame]:
    """Return every table of a study. `direction` -1 turns each difference round, so that sentences can be seen to
    follow.
    """
    compare = made_up_compare(direction)
    return {
        "describe": made_up_describe(direction),
        "compare": compare,
        "omnibus": made_up_contrasts.omnibus_of(compare),
        "adjusted": made_up_contrasts.adjusted_of(compare),
        "ranks": made_up_contrasts.made_up_ranks(),
        "decompositions": made_up_contrasts.made_up_decompositions(direction),
        "curves": made_up_contrasts.made_up_curves(),
        "regions": made_up_regions.made_up_regions(),
        "concentration": made_up_regions.made_up_concentration(),
        "region_profiles": made_up_regions.made_up_profiles(),
        "region_types": made_up_regions.made_up_types(),
        "fits": made_up_fits(),
        "coefficients": made_up_coefficients(direction),
        "cohorts": made_up_cohorts(),
        "availability": made_up_availability(),
        "link": made_up_links(),
        "ledger": made_up_ledger(),
        "weights": made_up_weights(),
        "policy": made_up_policy.made_up_frame(),
        "recommendations": made_up_policy.made_up_recommendations(made_up_policy.made_up_frame()),
        **made_up_robustness.robustness_tables(direction),
        **made_up_claims.claims_tables(),
        **printed_tables(),
    }


def estimate_of(item: str, cohort: str, group: str, wave: str, direction: int) -> tuple[float, float]:
    """Return an estimate and its standard error."""
    _, _, _, unit, level, _ = ITEMS[item]
    _, n, shift = groups_of(cohort)[group]
    estimate = level * (1 + direction * shift * (1 + 0.3 * wobble(item, cohort))) * (1 + 0.05 * wobble(item, wave))
    estimate = min(estimate, 97.0) if unit == "percent" else estimate
    return estimate, 0.9 * level / (n * (3 if wave == "all" else 1)) ** 0.5 + 0.01 * level


def made_up_describe(direction: int) -> pd.DataFrame:
    """Return describe.csv: every item for every group and wave."""
    rows = []
    for cohort in COHORTS:
        groups = groups_of(cohort)
        for group, (_, n, _) in groups.items():
            for wave in PERIODS:
                for item, (_, _, statistic, unit, _, _) in ITEMS.items():
                    estimate, se = estimate_of(item, cohort, group, wave, direction)
                    total = n * 3 if wave == "all" and n > 10 else n
                    rows.append(
                        (
                            cohort,
                            group,
                            wave,
                            item,
                            statistic,
                            total,
                            estimate,
                            se,
                            max(0.0, estimate - 1.96 * se),
                            estimate + 1.96 * se,
                            100 * se / estimate,
                            1.4,
                            "good",
                            unit,
                            "ok",
                        )
                    )
    return pd.DataFrame(rows, columns=list(describe.COLUMNS))


def made_up_compare(direction: int) -> pd.DataFrame:
    """Return compare.csv: each comparison's items against the reference, by wave and over all."""
    rows = []
    for family, (cohort, reference, themes) in COMPARISONS.items():
        items = [item for item, about in ITEMS.items() if about[0] in themes and about[2] != "total"]
        for group in groups_of(cohort):
            if group == reference:
                continue
            for wave in PERIODS:
                for item in items:
                    rows.append(comparison_row(cohort, group, reference, wave, item, family, direction))
    names = [
        "cohort",
        "group",
        "reference",
        "wave",
        "item",
        "statistic",
        "n_group",
        "n_reference",
        "estimate_group",
        "estimate_reference",
        "difference",
        "se",
        "df",
        "t",
        "p",
        "p_adjusted",
        "lower",
        "upper",
        "effect_size",
        "effect_kind",
        "family",
        "status",
    ]
    return pd.DataFrame(rows, columns=names)


def comparison_row(cohort: str, group: str, reference: str, wave: str, item: str, family: str, direction: int) -> tuple:
    """Return one comparison; its p follows from difference and standard error, roughly."""
    (ours, our_se), (theirs, their_se) = (
        estimate_of(item, cohort, name, wave, direction) for name in (group, reference)
    )
    counts = [
        groups_of(cohort)[name][1] * (3 if wave == "all" and groups_of(cohort)[name][1] > 10 else 1)
        for name in (group, reference)
    ]
    difference, se = ours - theirs, (our_se**2 + their_se**2) ** 0.5
    t = difference / se
    p = max(1e-9, min(1.0, 2.0 ** (-(t**2) / 1.4)))
    statistic = ITEMS[item][2]
    return (
        cohort,
        group,
        reference,
        wave,
        item,
        statistic,
        *counts,
        ours,
        theirs,
        difference,
        se,
        sum(counts) - 2,
        t,
        p,
        min(1.0, 1.3 * p),
        difference - 1.96 * se,
        difference + 1.96 * se,
        difference / ITEMS[item][4] / 2,
        "cohen_h" if statistic == "share" else "hedges_g",
        family,
        "ok",
    )


def made_up_cohorts() -> pd.DataFrame:
    """Return cohorts.csv."""
    rows = []
    for cohort, (title, _, _) in COHORTS.items():
        groups = groups_of(cohort)
        for wave in PERIODS:
            sizes = {group: n * (3 if wave == "all" and n > 10 else 1) for group, (_, n, _) in groups.items()}
            for group, n in sizes.items():
                share = (
                    100 * n / (sum(sizes.values()) if cohort != "certification" else 2700 * (3 if wave == "all" else 1))
                )
                rows.append((cohort, title, "", 1, f"{cohort} == '{group}'", group, wave, n, n * 3.4, share))
    return pd.DataFrame(
        rows, columns=["cohort", "title", "variant", "version", "rule", "group", "wave", "n", "weighted_n", "share"]
    )


def made_up_fits() -> pd.DataFrame:
    """Return fits.csv: each model for each group of its cohort, and one that could not be estimated."""
    rows = []
    for model, (family, estimator, outcome, _, _, cohort) in MODELS.items():
        for group in groups_of(cohort):
            rows.append(
                (
                    model,
                    family,
                    cohort,
                    group,
                    estimator,
                    outcome,
                    9120,
                    5210,
                    5210,
                    "cluster(firm_id)",
                    "stata",
                    0.183,
                    -5123.4,
                    "statsmodels",
                    "a1b2c3d4e5f6",
                    "ok",
                    "",
                    True,
                    41.0,
                )
            )
    failed = (
        "growth_on_support",
        "productivity",
        "stage_self",
        "decline",
        "fe",
        "sales_growth",
        21,
        19,
        19,
        "",
        "",
        None,
        None,
        "",
        "",
        "not estimated: fewer than 30 complete firms",
        "",
        False,
        None,
    )
    names = (
        "model family cohort group estimator outcome n n_firms n_clusters vcov small_sample r2 loglik engine "
        "sample_hash status warnings converged"
    )
    return pd.DataFrame([*rows, failed], columns=[*names.split(), "condition_number"])


def made_up_coefficients(direction: int) -> pd.DataFrame:
    """Return coefficients.csv."""
    rows = []
    for model, (_, _, outcome, _, terms, cohort) in MODELS.items():
        for group in groups_of(cohort):
            for term in terms:
                estimate, se = (
                    direction * (0.12 + 0.1 * wobble(model, term, group)),
                    0.03 + 0.02 * abs(wobble(term, model)),
                )
                t = estimate / se
                rows.append(
                    (
                        model,
                        cohort,
                        group,
                        outcome,
                        term,
                        estimate,
                        se,
                        5209,
                        t,
                        max(1e-9, 2.0 ** (-(t**2) / 1.4)),
                        estimate - 1.96 * se,
                        estimate + 1.96 * se,
                    )
                )
    return pd.DataFrame(
        rows,
        columns=[
            "model",
            "cohort",
            "group",
            "outcome",
            "term",
            "estimate",
            "se",
            "df",
            "statistic",
            "p",
            "lower",
            "upper",
        ],
    )


def made_up_availability() -> pd.DataFrame:
    """Return availability.csv."""
    rows = [
        ("variable", "hours_to_complete", True, ""),
        ("item", "new_to_world", False, "the survey has no variable new_to_world"),
    ]
    return pd.DataFrame(rows, columns=["kind", "id", "available", "reason"])


def made_up_links() -> pd.DataFrame:
    """Return link.csv: three registers, two strata a wave."""
    rows = [
        (wave, register, stratum, 2000, linked, linked / 2000)
        for wave in WAVES
        for register, linked in (("certificates", 1350), ("financials", 1841), ("programmes", 640))
        for stratum in ("manufacturing.small", "services.small")
    ]
    return pd.DataFrame(rows, columns=["wave", "register", "stratum_id", "n", "linked", "rate"])


def made_up_ledger() -> pd.DataFrame:
    """Return ledger.csv: rows kept and dropped, values corrected and blanked."""
    rows = []
    for number, wave in enumerate(WAVES):
        rows += [
            (wave, "ingest", "rows in the file", "", "read", 4061 + number, 0),
            (wave, "ingest", "every column blank", "", "dropped", 3, 0),
            (wave, "clean", "not a respondent", "", "dropped", 57 + number, 0),
            (wave, "clean", "unit error", "sales_t", "corrected", 31, 31),
            (wave, "clean", "exports above sales", "exports_t", "blanked", 24 + number, 24 + number),
        ]
    return pd.DataFrame(rows, columns=["wave", "stage", "rule", "variable", "action", "rows", "cells"])


def made_up_weights() -> pd.DataFrame:
    """Return weights.csv."""
    rows = [
        (wave, stratum, population, sampled, responded, population / sampled, population / responded, 1.31)
        for wave in WAVES
        for stratum, population, sampled, responded in (
            ("manufacturing.small", 5200, 2600, 1700),
            ("services.small", 8100, 3200, 2100),
            ("services.large", 240, 240, 200),
        )
    ]
    return pd.DataFrame(
        rows,
        columns=["wave", "stratum_id", "population", "sampled", "responded", "weight_design", "weight_final", "deff"],
    )


def made_up_context(**changes: object) -> dict:
    """Return the context of the made-up study; `changes` replace its entries."""
    files = ("describe", "compare", "fits", "coefficients", "cohorts", "availability", "link", "ledger", "weights")
    files += ("series", "arithmetic", "ratios")
    rules = {
        "describe": "describe_cohort",
        "compare": "compare_groups",
        "fits": "fit_models",
        "coefficients": "fit_models",
        "cohorts": "assign_cohorts",
    }
    context = {
        **made_up_contrasts.CONTEXT,
        **made_up_regions.CONTEXT,
        **made_up_robustness.CONTEXT,
        "policy": made_up_policy.policy_words(),
        "claims": made_up_claims.claims_words(),
        "study": "seoul",
        "title": {"en": "Innovation in Seoul's small and medium-sized enterprises", "ko": "서울시 중소기업의 혁신"},
        "question": {"en": "How do small firms turn innovation input into output, and what stands in their way?"},
        "country": "KR",
        "currency": "KRW",
        "synthetic": True,
        "attribution": {"en": "Synthetic survey, made for this pipeline"},
        "release_date": "2024-06-30",
        "version": "1",
        "waves": {wave: {"title": wave} for wave in WAVES},
        "disclosure": {"minimum_n": MINIMUM_N},
        "items": {
            name: {"title": {"en": title}, "unit": unit, "decimals": decimals, "theme": theme, "statistic": statistic}
            for name, (theme, title, statistic, unit, _, decimals) in ITEMS.items()
        },
        "cohorts": {
            cohort: {
                "title": {"en": title},
                "kind": kind,
                "groups": {group: {"title": {"en": about[0]}} for group, about in groups_of(cohort).items()},
            }
            for cohort, (title, kind, _) in COHORTS.items()
        },
        "comparisons": {
            name: {"cohort": cohort, "reference": reference, "family": name}
            for name, (cohort, reference, _) in COMPARISONS.items()
        },
        "models": {
            name: {
                "title": name.replace("_", " ").capitalize(),
                "question": about[3],
                "family": about[0],
                "regressors": [term for term in about[4] if term != "log_employees"],
                "fixed_effects": ["firm_id", "wave"] if about[1] == "fe" else [],
            }
            | ({"outcome": about[2], "regressors": ["export_share"], **made_up_claims.CHAIN} if name == "chain" else {})
            for name, about in MODELS.items()
        },
        "variables": {
            "rd_per_employee": {"en": "R&D per employee"},
            "log_employees": {"en": "Employees (log)"},
            "log_sales_per_employee": {"en": "Sales per employee (log)"},
        },
        "reference": printed_words(),
        "sources": {
            name: {"file": f"estimates/{name}.csv", "rule": rules.get(name, "gather_estimates")} for name in files
        },
    }
    return {**context, **changes}
