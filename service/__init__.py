"""HOW people meet the service: pages, API, command line."""
