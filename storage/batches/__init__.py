"""The documents of a whole campaign, ordered and watched together."""
