"""What a step shows and writes."""
