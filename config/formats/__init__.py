"""How dates and numbers are written in each language; tables show d.m.Y in all three."""
