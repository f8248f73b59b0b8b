"""A report on its way from the first figure to its approval."""
