"""Weights: how many firms of the population one answer stands for.

The story: `frame` says who was drawn with which chance, and so the design weight; `response` lets the firms that
answered stand for those in scope that did not; `trim` cuts a few large weights, where declared; `margins` and
`calibrate` bring the weights to known totals, and `reach` says why they can't be; `adjust` puts the factors together;
`replicate` does it all again with the sample drawn anew; `summary` tells what came of it.

ASSUME within a stratum or response group, answering does not depend on the answers. Without a frame and given weights
each firm stands for itself.
"""

from innosurvey.weight.frame import SURVEY_COLUMNS, frame_columns
from innosurvey.weight.sample import Outside, Weighted, survey_columns, weight_sample
from innosurvey.weight.spec import WeightSpec, parse_weights

__all__ = [
    "SURVEY_COLUMNS",
    "Outside",
    "WeightSpec",
    "Weighted",
    "frame_columns",
    "parse_weights",
    "survey_columns",
    "weight_sample",
]
