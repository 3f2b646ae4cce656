"""What people fill in: forms clean input and decide nothing."""
