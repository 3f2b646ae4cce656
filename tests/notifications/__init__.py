"""Tests of who hears, in which words, and that it arrives once."""
