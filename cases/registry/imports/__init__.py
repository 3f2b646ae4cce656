"""Tables of organisations, people and legal acts: read, previewed, and imported."""
