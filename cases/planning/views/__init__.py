"""Pages of planning; they know no rule."""
