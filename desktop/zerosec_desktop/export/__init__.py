"""Publication export: figures by matplotlib, data as CSV."""
