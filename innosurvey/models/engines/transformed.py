"""What engines share that estimate from other rows than the sample's: changes, firm means, a part of the rows."""

from dataclasses import replace

import numpy as np

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.collinearity import Redundant, redundant_columns
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.matrix import CONSTANT, Block
from innosurvey.models.rows import codes_of
from innosurvey.models.sample import Sample

_MOST_NAMES = 4


def firms_of(sample: Sample) -> Codes:
    """Return the firm of each row, coded from 0."""
    return codes_of(sample.keys["firm_id"])


def panel_of(sample: Sample) -> tuple[Codes, Codes]:
    """Return firm and calendar period of each row; NotEstimated if a firm stands twice in a period, as under frequency
    weights.
    """
    firms = firms_of(sample)
    if len(np.unique(np.column_stack([firms, sample.periods]), axis=0)) < len(firms):
        raise NotEstimated("a firm stands more than once in a period")
    return firms, sample.periods


def left_by(sample: Sample, block: Block, where: str, before: Block | None = None) -> tuple[Block, tuple[str, ...]]:
    """Return the transformed columns without those that the transformation left without information, and a note on
    them.

    `before` holds columns before the transformation, whose lengths tell what is rounding. Raises NotEstimated if the
    model asks about such a column: a control can go, a regressor can't.
    """
    lengths = np.linalg.norm(block.columns, axis=0)
    if before is not None:
        own = np.linalg.norm(before.columns, axis=0)
        lengths[: len(own)] = own
    found = redundant_columns(block.columns, lengths)
    told: dict[str, list[str]] = {}
    for each in found:
        told.setdefault(_reason(block, each, where), []).append(block.names[each.column])
    asked = [f"{name} ({reason})" for reason, names in told.items() for name in names if name in sample.asked]
    if asked:
        raise NotEstimated(f"collinear: {'; '.join(asked)}")
    out = {each.column for each in found}
    kept = [place for place in range(len(block.names)) if place not in out]
    return block.take(kept), tuple(f"dropped {', '.join(names)} ({reason})" for reason, names in told.items())


def _reason(block: Block, found: Redundant, where: str) -> str:
    names = [block.names[partner] for partner in found.explained_by if block.names[partner] != CONSTANT]
    if len(names) > _MOST_NAMES:
        return f"explained by {len(names)} others {where}"
    return f"explained by {', '.join(names)} {where}" if names else f"no variation {where}"


def on_rows(estimates: Estimates, rows: Codes, count: int) -> Estimates:
    """Return the estimates with the scores of their own rows at these of the `count` rows of the sample, and `used`."""
    used = np.zeros(count, dtype=bool)
    used[rows] = True

    def spread(values: Array) -> Array:
        whole = np.zeros((count, *values.shape[1:]))
        whole[rows] = values
        return whole

    leverage = None if estimates.leverage is None else spread(estimates.leverage)
    return replace(estimates, scores=spread(estimates.scores), leverage=leverage, used=used)
