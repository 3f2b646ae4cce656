"""Tests of how pages look and of what every page shares."""
