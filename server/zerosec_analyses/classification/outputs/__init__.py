"""What a classification leaves: tables, plots, views, report and model file."""
