"""The model certificate: published tables, estimated again from their data, and held against what is printed.

`data.py` says where a data set is and what its columns are, `cases.py` what is printed and how it was estimated;
`prepare.py` turns a raw data set into a slice, as surveys have one, and holds it against its contract (`expect.py`).
The models are the study's own: the same declarations, plan and fits. `compare.py` sets the published numbers beside the
computed ones.
"""
