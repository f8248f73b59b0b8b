"""Documents: ordered as jobs, made by a recipe, each by one worker."""
