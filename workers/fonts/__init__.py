"""The fonts that documents are drawn with: what is asked for, what is installed, what was chosen."""
