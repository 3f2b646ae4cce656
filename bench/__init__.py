"""Measures how fast Baikoo is with up to a million recommendations, and an older checkout in turn with it: `make bench`."""
