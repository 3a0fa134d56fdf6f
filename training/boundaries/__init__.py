"""Figures of paragraph and sentence boundaries."""
