"""What the pages of planning show of each kind of case."""
