"""One definition seen from outside: a module per face."""
