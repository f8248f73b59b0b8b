"""WHAT a report is. Pure: values in, values out; no web, queue, database, Word or LibreOffice."""
