"""How Baikoo runs: settings, urls, start-up, background work."""
