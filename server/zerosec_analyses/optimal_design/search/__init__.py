"""The search for the best runs: coordinate exchange, row exchange and maximin exchange, compiled."""
