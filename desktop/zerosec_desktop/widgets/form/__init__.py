"""A form made from the JSON schema of an analysis: fields, checks, history, editors."""
