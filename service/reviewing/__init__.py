"""What the supervising office looks at: who waits for review, one report beside last year's, what changed since."""
