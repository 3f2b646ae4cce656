"""What the work is about: one Django app per subject."""
