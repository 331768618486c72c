"""The ZeroSec server: API, storage, database, engines and worker."""
