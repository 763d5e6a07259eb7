"""Runs the printed init code of every library on small models of the library itself, before any training."""
