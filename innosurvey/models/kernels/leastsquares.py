"""Weighted least squares on plain arrays."""

import numpy as np

from innosurvey.models.arrays import Array


def slopes_of(outcome: Array, design: Array, weights: Array | None = None) -> Array:
    """Return the slopes (k,) of an outcome (n,) on a design (n, k); columns may be of very different size."""
    root = np.ones(len(outcome)) if weights is None else np.sqrt(weights)
    lengths = np.linalg.norm(design, axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    return np.asarray(np.linalg.lstsq(design / lengths * root[:, None], outcome * root, rcond=None)[0] / lengths)
