"""The Word template of a definition: how a first one is drawn, and what is wrong with one."""
