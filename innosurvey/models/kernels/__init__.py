"""Numerical kernels: plain arrays in, plain arrays out. They know nothing of samples, terms or tables."""
