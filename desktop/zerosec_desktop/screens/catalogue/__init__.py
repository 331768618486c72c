"""Analyses: all a target offers, with what each is for."""
