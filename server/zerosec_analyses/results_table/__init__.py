"""Results of experiments, read from a file by a profile, row by row, for the results database."""
