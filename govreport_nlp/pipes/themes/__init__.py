"""Themes of paragraphs by keywords."""

from govreport_nlp.pipes.themes.factory import ThemesPipe, create_themes_pipe
from govreport_nlp.pipes.themes.keywords import choose_labels, keyword_weights, shares

__all__ = ["ThemesPipe", "choose_labels", "create_themes_pipe", "keyword_weights", "shares"]
