"""What the programs report, read from their own files."""
