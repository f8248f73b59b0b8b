"""The batch as its page shows it: how far it is, what failed and why, and what to do about it."""
