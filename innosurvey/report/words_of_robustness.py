"""The fixed words of the chapter on robustness, language by language."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "kinds_robustness": "Questions asked in several ways, or some of their choices",
    "asked_about": "Asked about",
    "specifications": "Specifications",
    "lowest_highest": "Lowest and highest",
    "share_positive": "Positive",
    "share_significant": "Clear",
    "p_median": "p of the median",
    "p_share": "p of the clear ones",
    "main_answer": "Main answer",
    "without_industries": "Without an industry",
    "without_firms": "Without a firm",
    "adjusted_for_selection": "With selection",
    "selection_needed": "Selection needed",
    "title_specification_tests": "All specifications of each question together",
    "note_specification_tests": (
        "Clear: in the direction that most specifications have, with p below {alpha}. p-values of median and share: "
        "how often draws without any link are as extreme."
    ),
    "title_main_answers": "What each main answer hangs on",
    "note_main_answers": (
        "Main answer: {level} interval and p adjusted for all answers of the question (Romano and Wolf) below it. "
        "Without an industry, a firm: the lowest and the highest answer without any one of them. With selection: "
        "the answer if what is not observed mattered as much as what is (Oster); selection needed: how many times "
        "as much it would have to matter for nothing to be left; a minus means that it would have to work against "
        "what is observed. Without a firm and with selection: by least squares."
    ),
    "title_specification_curve": "Every specification",
    "title_leave_one_out": "The main answers without each industry in turn",
    "note_specification_curve": (
        "Each estimate with its {level} interval, from the lowest to the highest; the points below show how it was "
        "made. Diamond: the main answer. Filled: p below {alpha}; hollow: not."
    ),
    "note_leave_one_out": (
        "Points are estimates, lines their {level} intervals. The dotted line is the answer of all firms."
    ),
    "alt_specification_curve": "Sorted estimates with intervals above a grid of choices.",
    "alt_specifications": (
        "{count} specifications, from {lowest} to {highest}, {positive} of them positive, {clear} clear"
    ),
    "curve_positive": "clear, positive",
    "curve_negative": "clear, negative",
    "curve_unclear": "not clear",
    "curve_main": "main answer",
    "choice_weighted": "Weights of the survey",
    "choice_unweighted": "No weights",
    "within_effects": "Within {by}",
    "left_out_none": "All firms",
    "left_out": "Without {group}",
}
