"""Breaks rules in small ways, one at a time, to see which of them no test notices."""
