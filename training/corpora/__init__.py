"""Build the committed corpora from their sources."""
