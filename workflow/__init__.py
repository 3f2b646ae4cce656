"""What may happen to a case, what happened, and what is expected next; knows no case type."""
