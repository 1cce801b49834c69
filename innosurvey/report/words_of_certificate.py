"""The fixed words of the model certificate."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "case": "Published table",
    "published": "Published",
    "computed": "Computed",
    "tolerance": "Tolerance",
    "certified_verdict": "Verdict",
    "numbers_agree": "Numbers that agree",
    "agree_of": " of ",
    "largest_deviation": "Largest deviation, in tolerances",
    "data_set": "Data set",
    "data_rows": "Rows",
    "waves_of_data": "Years",
    "contracts": "Columns with a contract",
    "verdict_agrees": "agrees",
    "verdict_deviates": "deviates",
    "verdict_not judged": "not judged",
    "verdict_not estimated": "not estimated",
    "verdict_not run": "not run",
    "quantity_statistic": "t or z",
    "quantity_p": "p",
    "quantity_lower": "lower end, 95 %",
    "quantity_upper": "upper end, 95 %",
    "quantity_test_statistic": "statistic",
    "quantity_test_df": "degrees of freedom",
    "quantity_test_df2": "degrees of freedom of the denominator",
    "quantity_test_p": "p",
    "quantity_n": "Observations",
    "quantity_n_firms": "Firms",
    "quantity_n_clusters": "Clusters",
    "quantity_r2": "R²",
    "quantity_loglik": "Log likelihood",
    "quantity_deviance": "Deviance",
    "quantity_aic": "AIC",
    "quantity_bic": "BIC",
    "erratum_mark": "[e]",
    "not_judged_mark": "[n]",
    "title_certificate_cases": "Published tables and what became of them",
    "title_certificate_data": "The data sets",
    "note_certificate_cases": (
        "A deviation of one tolerance is as far off as the rounding of the print allows; counts must agree exactly."
    ),
    "note_certificate_se": "Standard errors, and what belongs to them, in parentheses.",
    "note_certificate_contract": (
        "A contract says what must be true of a column (its range, mean, kind of numbers); where it is broken nothing "
        "is estimated."
    ),
    "note_case_source": "Printed in: {source}.",
    "note_case_data": "Data: {data}.",
    "note_case_erratum": "[e] {name}: the print is wrong. {reason} The computed number is held against what is right.",
    "note_case_not_judged": "[n] {name}: the print is wrong, and the number is not judged. {reason}",
    "note_case_obstacle": "{column}{reason}.",
    "note_case_warnings": "{column}{warnings}.",
    "version_absent": "not installed",
}
