"""The specification: one file per kind of case says who may do what, when, and what is expected next."""
