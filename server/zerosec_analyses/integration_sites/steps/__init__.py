"""The steps of the pipeline: each is one function on a context."""
