"""What is written to people, and when."""
