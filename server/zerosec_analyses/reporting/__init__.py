"""How results are told in a report: findings, figures, tables and plots in one HTML file."""
