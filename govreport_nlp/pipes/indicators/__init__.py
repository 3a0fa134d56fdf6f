"""Indicators: the figures that a report states."""

from govreport_nlp.pipes.indicators.context import kind_of, year_of
from govreport_nlp.pipes.indicators.extraction import Figure, find_figures
from govreport_nlp.pipes.indicators.factory import IndicatorsPipe, create_indicators_pipe

__all__ = ["Figure", "IndicatorsPipe", "create_indicators_pipe", "find_figures", "kind_of", "year_of"]
