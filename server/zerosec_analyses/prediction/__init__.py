"""Predictions of new rows by a model file, each with its interval and its flags."""
