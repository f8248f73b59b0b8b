"""What a file really says and holds, read back from its bytes."""
