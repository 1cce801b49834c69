"""Which figures the report has. Each is a frame taken from cleared tables, a drawing of it, and its words; a study
without the rows has no such figure.

A new figure is a module with `frame_x(tables, style)`, `draw_x(frame, style)` and `alt_x(frame, style)`, a line in
`FIGURES` and its title in the fixed words. Specification curves are as many as there are questions (`figures_of`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from innosurvey.report.choices import curve_figure
from innosurvey.report.figures import (
    bands,
    coefficients,
    curves,
    districts,
    flow,
    gaps,
    paths,
    policy,
    printed,
    profiles,
    size_shares,
    specifications,
    verdicts,
)
from innosurvey.report.figures.style import FigureStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePlan:
    """One figure: which tables it is taken from, its three functions, and a fourth where its frame gives its title."""

    tables: tuple[str, ...]
    frame: Callable[[dict[str, pd.DataFrame], FigureStyle], pd.DataFrame]
    draw: Callable[[pd.DataFrame, FigureStyle], Figure]
    alt: Callable[[pd.DataFrame, FigureStyle], str]
    notes: tuple[str, ...] = ("figure_with_interval", "figure_answers")
    title: Callable[[pd.DataFrame, FigureStyle], str] | None = None


def profile_plan(frame: Callable[[dict[str, pd.DataFrame], FigureStyle], pd.DataFrame]) -> FigurePlan:
    """Return the plan of a figure that sets groups side by side."""
    return FigurePlan(tables=("describe",), frame=frame, draw=profiles.draw_profile, alt=profiles.alt_profile)


def lines_plan(
    tables: tuple[str, ...], frame: Callable[[dict[str, pd.DataFrame], FigureStyle], pd.DataFrame]
) -> FigurePlan:
    """Return the plan of a figure with lines of printed figures."""
    return FigurePlan(
        tables=tables, frame=frame, draw=printed.draw_lines, alt=printed.alt_printed, notes=("figure_printed",)
    )


def curve_plan(asked: tuple[str, str, str]) -> FigurePlan:
    """Return the plan of the specification curve of one question among one group of a cohort."""
    return FigurePlan(
        tables=("specifications",),
        frame=partial(specifications.frame_curve, asked),
        draw=specifications.draw_curve,
        alt=specifications.alt_curve,
        notes=("note_specification_curve",),
        title=specifications.curve_title,
    )


FIGURES: Mapping[str, FigurePlan] = {
    "sme_share": lines_plan(("series",), printed.frame_sme_share),
    "venture_capital": lines_plan(("series",), printed.frame_venture_capital),
    "programme_money": FigurePlan(
        tables=("series",),
        frame=printed.frame_programme_money,
        draw=printed.draw_bars,
        alt=printed.alt_printed_bars,
        notes=("figure_printed", "figure_single_years"),
    ),
    "programme_output": FigurePlan(
        tables=("ratios",),
        frame=printed.frame_programme_output,
        draw=printed.draw_lines,
        alt=printed.alt_printed,
        notes=("figure_computed",),
    ),
    "innovation_by_size": FigurePlan(
        tables=("series",),
        frame=size_shares.frame_innovation_by_size,
        draw=size_shares.draw_innovation_by_size,
        alt=printed.alt_printed,
        notes=("figure_printed",),
    ),
    "corrected_row": FigurePlan(
        tables=("series",),
        frame=size_shares.frame_corrected_row,
        draw=size_shares.draw_corrected_row,
        alt=size_shares.alt_corrected_row,
        notes=("figure_derived",),
    ),
    "sample_flow": FigurePlan(
        tables=("weights", "ledger", "link", "cohorts"),
        frame=flow.frame_sample_flow,
        draw=flow.draw_sample_flow,
        alt=flow.alt_sample_flow,
        notes=(),
    ),
    "innovation_types": profile_plan(profiles.frame_innovation_types),
    "activity_dots": profile_plan(profiles.frame_activity_dots),
    "information_profile": profile_plan(profiles.frame_information_profile),
    "barrier_profile": profile_plan(profiles.frame_barrier_profile),
    "life_cycle": FigurePlan(
        tables=("describe",), frame=curves.frame_life_cycle, draw=curves.draw_life_cycle, alt=curves.alt_curve
    ),
    "size_curve": FigurePlan(
        tables=("describe",), frame=curves.frame_size_curve, draw=curves.draw_size_curve, alt=curves.alt_curve
    ),
    "smooth_curves": FigurePlan(
        tables=("curves",),
        frame=bands.frame_smooth_curves,
        draw=bands.draw_smooth_curves,
        alt=bands.alt_smooth_curves,
        notes=("figure_bands", "figure_answers"),
    ),
    "district_map": FigurePlan(
        tables=("describe",),
        frame=districts.frame_district_map,
        draw=districts.draw_district_map,
        alt=districts.alt_district_map,
        notes=("figure_answers",),
    ),
    "quotient_map": FigurePlan(
        tables=("regions",),
        frame=districts.frame_quotient_map,
        draw=districts.draw_quotient_map,
        alt=districts.alt_quotient_map,
        notes=("figure_answers", "figure_quotients"),
    ),
    "decomposition_bars": FigurePlan(
        tables=("decompositions",),
        frame=gaps.frame_decomposition_bars,
        draw=gaps.draw_decomposition_bars,
        alt=gaps.alt_decomposition_bars,
        notes=("figure_answers",),
    ),
    "policy_frame": FigurePlan(
        tables=("policy",),
        frame=policy.frame_policy_frame,
        draw=policy.draw_policy_frame,
        alt=policy.alt_policy_frame,
        notes=("note_policy_tiles",),
    ),
    "coefficients": FigurePlan(
        tables=("coefficients",),
        frame=coefficients.frame_coefficients,
        draw=coefficients.draw_coefficients,
        alt=coefficients.alt_coefficients,
        notes=("figure_with_interval", "figure_first_models"),
    ),
    "cdm_path": FigurePlan(
        tables=("coefficients",),
        frame=paths.frame_cdm_path,
        draw=paths.draw_cdm_path,
        alt=paths.alt_cdm_path,
        notes=("note_cdm_path",),
    ),
    "claims_overview": FigurePlan(
        tables=("claims", "hypotheses"),
        frame=verdicts.frame_claims_overview,
        draw=verdicts.draw_claims_overview,
        alt=verdicts.alt_claims_overview,
        notes=("note_claims_overview",),
    ),
    "leave_one_out": FigurePlan(
        tables=("leave_out",),
        frame=specifications.frame_leave_one_out,
        draw=specifications.draw_leave_one_out,
        alt=specifications.alt_leave_one_out,
        notes=("note_leave_one_out",),
    ),
}


def figures_of(tables: Mapping[str, pd.DataFrame]) -> Mapping[str, FigurePlan]:
    """Return the plans by name: those of all studies, and one for each question that this study asks of a group."""
    return {
        **FIGURES,
        **{curve_figure(*asked): curve_plan(asked) for asked in specifications.questions_of(tables)},
    }


def module_of(plan: FigurePlan) -> str:
    """Return the file of the function that puts a figure into words."""
    return f"{plan.alt.__module__.replace('.', '/')}.py"
