"""LibreOffice from inside: the installed one, its box and profile, one that stays warm, one for a single document."""
