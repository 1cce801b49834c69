"""Reproducible statistics of firm-level innovation surveys, from the raw file to the published report."""
