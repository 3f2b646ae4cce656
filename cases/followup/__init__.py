"""Recommendations and what follows: answers, plans, evidence, extensions, verification."""
