"""Tests of the trail: its guards, its verification, its pages."""
