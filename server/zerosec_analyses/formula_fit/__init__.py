"""Fitting a formula the user types to data: estimates, standard errors, intervals, and how well it predicts."""
