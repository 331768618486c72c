"""The parts of the window around the screens: navigation, bars, notices, the command palette."""
