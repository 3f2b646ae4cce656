"""What `make run` does: all of Baikoo on one machine."""
