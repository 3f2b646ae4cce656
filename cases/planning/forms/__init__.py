"""The forms of planning: they clean what was filled in and decide nothing."""
