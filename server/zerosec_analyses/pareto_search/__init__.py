"""The best compromises among all settings that can be made: a search over the factors of a saved model."""
