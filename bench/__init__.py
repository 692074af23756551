"""Speed and size of the program, measured on this machine: `.venv/bin/python -m bench.run`."""
