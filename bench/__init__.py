"""Measures how fast Baikoo is with up to a million recommendations, beside an older checkout of it: `make bench`."""
