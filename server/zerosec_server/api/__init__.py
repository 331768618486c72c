"""A router per resource, and how exceptions become problem+json."""
