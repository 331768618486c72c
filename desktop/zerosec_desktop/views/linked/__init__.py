"""Rows seen from several sides at once; what is chosen in one is chosen in all."""
