"""That nothing is lost: backups, their return, and the search for what is missing or spoilt."""
