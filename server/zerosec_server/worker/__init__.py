"""The worker: claims jobs, keeps their leases, runs them as process trees, finishes them once."""
