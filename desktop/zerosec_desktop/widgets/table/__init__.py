"""Tables of any length: the model over columns, and the view that shows it."""
