"""Widgets that several screens share: forms and tables."""
