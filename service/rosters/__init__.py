"""The office's roster as a spreadsheet: read with care, written with what is known."""
