"""Read report files into clean, aligned, structured reports."""

from govreport_nlp.reading.alignment import Alignment, Edit
from govreport_nlp.reading.reader import read
from govreport_nlp.reading.report import Metadata, Paragraph, Report, Source

__all__ = ["Alignment", "Edit", "Metadata", "Paragraph", "Report", "Source", "read"]
