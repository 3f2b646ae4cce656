"""Who hears of what happened, and when."""
