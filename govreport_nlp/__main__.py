"""``python -m govreport_nlp``."""

from govreport_nlp.cli import main

main()
