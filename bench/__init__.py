"""Speed and size of the program, measured on this machine: `python bench/run.py`."""
