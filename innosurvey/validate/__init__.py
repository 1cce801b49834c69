"""The last look: what is published is what was cleared, complete, and free of firms.

`numbers` holds the documents against the estimates, `rendered` page and PDF against their document, and `published`
all files against the firms and the list of them.
"""
