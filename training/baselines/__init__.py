"""Figures of the glossary and keyword baselines."""
