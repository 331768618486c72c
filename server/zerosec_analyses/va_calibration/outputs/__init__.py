"""What a calibration leaves: views, tables, pictures and the report."""
