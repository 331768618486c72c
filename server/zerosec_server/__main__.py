"""`python -m zerosec_server` is `zerosec-server`."""

import sys

from zerosec_server.cli import main

sys.exit(main())
