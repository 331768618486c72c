"""The science: SDK, catalogue and a folder per analysis; knows no server and runs in a notebook."""
