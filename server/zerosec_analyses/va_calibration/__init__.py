"""Verbal-autopsy calibration: cause fractions corrected for what the algorithms misclassify."""
