"""Where and when a supervisor starts. The database row is the job; an engine only wakes somebody up."""
