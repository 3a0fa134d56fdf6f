"""One module a file format; each gives an :class:`~govreport_nlp.reading.extraction.Extraction`."""
