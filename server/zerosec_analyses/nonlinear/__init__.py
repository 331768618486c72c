"""Nonlinear models of one or several numbers: searched, judged on rows never seen, explained, and kept."""
