"""What a Pareto choice shows and leaves: findings, numbers, tables, workbook, plots and views."""
