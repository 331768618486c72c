"""Blobs by key, behind one interface: a local folder with signed URLs now."""
