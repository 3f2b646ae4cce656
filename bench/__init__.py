"""Measures how fast Baikoo is with up to a million recommendations: `make bench`, figures in var/bench.json."""
