"""The tests of Baikoo."""
