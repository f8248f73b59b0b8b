"""Archives: everything a campaign has produced in one ZIP, with a list that admits what is missing."""
