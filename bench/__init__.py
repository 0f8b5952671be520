"""Benchmarks: ratios and figures, printed by `make bench`, never asserted in a test."""
