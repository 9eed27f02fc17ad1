"""A file of fixtures that a script makes, and with --check only compares."""

import argparse
import sys


def write_or_check(path, make, description):
    """Does what the command line asks for: writes the bytes that `make` gives, or says whether the file has them, and exits."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        path.write_bytes(make())
        return
    same = path.read_bytes() == make()
    print("equal" if same else "different")
    sys.exit(0 if same else 1)
