"""The pipes of the pipelines, one folder each: logic, data and a short factory."""
