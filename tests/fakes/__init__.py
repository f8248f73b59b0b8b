"""The outside world's failures, by name."""
