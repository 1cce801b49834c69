"""What changed since a release, and why: units, schema, distributions, results, and the share of each cause in them.

The story: `earlier` gets back what the release was made from; `sources` and `units` tell which units came, left or were
amended, `schema` what is asked and set otherwise; `causes` says which causes there are and walks back from the present,
taking back one after another in a copy of the project (`place`); `split` gives each headline number's parts;
`distributions` finds the largest moves; `since` puts all together, `page` writes it up, and `record` keeps
it for the report.
"""
