"""Runs a script of the peer with the DuckDB of this Python: duckdb_peer.py SCRIPT"""

import sys

import duckdb

with open(sys.argv[1], encoding="utf-8") as script:
    duckdb.connect().execute(script.read())
