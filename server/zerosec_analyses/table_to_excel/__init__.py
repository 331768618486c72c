"""A table as an Excel workbook, with real numbers and dates."""
