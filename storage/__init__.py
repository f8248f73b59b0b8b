"""WHERE reports are kept: database rows and files. Needed by the web and the workers alike."""
