"""The audit trail: what is recorded, how it is read, and how anybody can verify it."""
