"""Ingest: one raw file as it came, and its codebook, become a typed table under canonical names.

The story: `readers` turns any of the formats into a frame of raw cells with the row numbers that a person would count
(`delimited` for CSV, `header` finds the header of a CSV or Excel file); `cells` turns raw cells into typed values
with a kind of missing (`numbers` reads plain ones at once, `combine` makes one variable of several columns); `tables`
puts the columns together, applies the skip rules and refuses a repeated firm. Codes become meanings here and nowhere
else.
"""

from innosurvey.ingest.tables import Ingested, ingest_register, ingest_survey

__all__ = ["Ingested", "ingest_register", "ingest_survey"]
