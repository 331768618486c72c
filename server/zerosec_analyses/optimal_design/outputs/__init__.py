"""What an optimal design leaves: tables, pictures, report and views."""
