"""Measure boundaries, spans and themes, and perturb texts to measure robustness."""
