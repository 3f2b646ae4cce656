"""Whole journeys through the pages, in Chromium, as people make them."""
