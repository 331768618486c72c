"""Classes, OK and NG among them: probabilities that mean what they say, and decisions whose errors are bounded."""
