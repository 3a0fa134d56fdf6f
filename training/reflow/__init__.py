"""Training of the re-flow model."""
