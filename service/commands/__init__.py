"""One module per command of `nianbao`."""
