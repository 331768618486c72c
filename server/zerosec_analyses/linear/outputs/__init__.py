"""What a linear analysis leaves behind: tables, workbook, calculator, plots, report and model file."""
