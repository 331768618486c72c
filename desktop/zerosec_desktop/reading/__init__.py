"""Data files are read in a process of their own: a damaged one cannot end the window, a share that stalls cannot hold it."""
