"""Writes the project of a platform that we have not seen before, from its catalog: names and types, never a value."""
