"""Measures how fast Baikoo is with up to a million recommendations, in turn with an older checkout: `make bench`."""
