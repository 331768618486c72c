"""The ZeroSec desktop app: the only room that knows Qt."""
