"""Two kinds of case that live only here: they prove what a kind takes, through the real pages."""
