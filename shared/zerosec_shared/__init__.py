"""The contract of ZeroSec: everything that crosses the wire."""
