"""Tables of organisations, people and legal acts: read, planned, looked at, and taken."""
