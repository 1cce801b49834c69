"""Quality: what a producer of official statistics says of its own numbers.

The headings are those of the Single Integrated Metadata Structure (SIMS v2.0) of the European Statistical System. The
story: `nonresponse` counts, variable by variable, which answers were due, given, changed and imputed; `indicators`
puts that together with what the other stages counted (links, edits, weights, precision) as one tidy table, a row per
concept, wave and indicator. Nothing here is estimated anew.
"""
