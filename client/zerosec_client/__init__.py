"""The resilient ZeroSec client: transfer, submit, watch and fetch, without Qt."""
