"""What every model-building analysis shares: tables, preparation, candidates, nested search, explanations, the model file."""
