"""The demo: the real resolution and its university, with invented people and cases marked "(demo)"."""
