"""Likelihoods on plain arrays, and how they are maximised; the engines put a sample in and read `Estimates` off.

`newton` climbs; `index` puts a likelihood of a few linear indexes together with its designs; `normal` and `bivariate`
are the normal distribution in one and two dimensions; the other modules hold one likelihood each.
"""
