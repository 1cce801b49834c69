"""Reproducible statistics of firm-level innovation surveys, from the raw file to the published report."""

__version__ = "0.1.0"
