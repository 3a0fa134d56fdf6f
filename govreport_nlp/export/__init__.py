"""Give annotated reports as records, tables, files and pictures."""
