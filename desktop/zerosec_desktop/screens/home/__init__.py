"""Home: drop a file, pick an analysis, try an example, go on where you were."""
