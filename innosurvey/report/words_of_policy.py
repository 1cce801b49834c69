"""The fixed words of the chapter on the policy frame, language by language."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "kinds_policy": "The policy frame",
    "barrier": "Barrier",
    "need": "Need",
    "instrument": "Instrument",
    "reach": "Reach",
    "association": "Association",
    "follows": "What follows",
    "priority": "Priority",
    "not_asked": "not asked",
    "not_shown": "not shown",
    "follows_extend": "extend",
    "follows_pilot": "pilot and evaluate",
    "follows_reconsider": "reconsider",
    "follows_collect_evidence": "collect evidence",
    "follows_keep": "keep and improve",
    "follows_no_priority": "no priority",
    "follows_no_statement": "no statement",
    "field_all": "Across the fields",
    "title_policy": "Barriers, instruments and what follows",
    "note_policy": (
        "Need: firms of the stage, in percent, that call it a high barrier. Reach: those that use the government's "
        "instrument. Association with success: points by which more firms that succeeded than firms that failed used "
        "it, whatever their stage and whoever granted it; it is no effect. {level} intervals; p adjusted within its "
        "family. Priority in the stage: of the more pressing government where they differ."
    ),
    "note_policy_absent": "Not shown – {reasons}.",
    "recommendation": "Recommendation",
    "asked_for": "Asks for",
    "frame_cells": "Cells",
    "it_takes": "asks for ",
    "is_printed": "Printed",
    "no_such_claim": "not in this study",
    "title_recommendations": "Every recommendation that was written, and whether it is printed",
    "note_recommendations": (
        "Asks for: any of these verdicts on the claim. Cells: those of its field, stages, governments and actions that "
        "were found, and how many it asks for; empty where the verdict alone decides."
    ),
    "title_policy_frame": "What firms lack and what reaches them, by stage and field of policy",
    "note_policy_tiles": (
        "Tiles: firms, in percent, with the barrier of the field that most of them have; framed where the need is "
        "clear. Points: firms, in percent, that use the field's most used instrument of each government."
    ),
    "alt_policy_frame": "A grid of fields by stages.",
}
