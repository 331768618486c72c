"""What a nonlinear analysis leaves: tables, plots, views, report and model file."""
