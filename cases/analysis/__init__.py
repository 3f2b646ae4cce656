"""Findings: what the analysis of a monitoring has brought to light."""
