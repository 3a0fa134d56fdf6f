"""The command line: ``govreport``."""

from govreport_nlp.cli.application import app, main

__all__ = ["app", "main"]
