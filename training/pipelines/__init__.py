"""Assembly of the bundled pipelines."""
