"""What the window looks and reads like: themes, icons, translations."""
