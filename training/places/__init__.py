"""The gazetteer of the reader."""
