"""The lab sheet: the runs of a design as a workbook to print, fill in and read back."""
