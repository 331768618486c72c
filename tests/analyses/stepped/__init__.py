"""An analysis of several steps, for tests of runs."""
