"""One renderer for each kind of result view."""
