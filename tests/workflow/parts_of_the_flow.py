"""The rules of the workflow by the part of it that a change reaches."""

DATA = {
    "screen_answers",
    "impute_answers",
    "weight_sample",
    "rank_suspects",
    "pool_designs",
    "harmonise_waves",
    "count_answers",
    "assign_cohorts",
    "cut_slices",
}
NAMED = {"write_provenance", "publish_outputs"}
"""What runs where only a checksum or a fingerprint changed that the manifest names."""
LAST = {"validate_outputs", *NAMED}
RENDERED = {"render_html", "render_pdf", "render_docx", "render_tables"}
PAGES = {
    "write_document",
    "write_tables",
    *RENDERED,
    "validate_numbers",
    "validate_pages",
    "list_outputs",
    *LAST,
}
JUDGED = {"judge_claims", "tell_changes"}
"""What runs only where a table changed that verdicts rest on."""
REPORT = {"assess_quality", *JUDGED, "frame_policy", "draw_figures", *PAGES}
