"""Where the firms are: how many in each region, how concentrated, whether neighbours and whether links are alike.

`spec` reads what is asked for, `places` the lists of regions, zones, neighbours and tiles. `counts` estimates firms,
shares and location quotients, `concentration` their Herfindahl and Gini, `moran` whether neighbours resemble each
other, `profiles` the regions' links to knowledge and `types` whether these sort regions into types. `withheld` says
which regions may be told of, so that no other number gives the rest away. `plan` makes all tables.
"""
