"""Writes the text files of this directory, text_*: the same rows by every tool, in
the forms that it has.

    pip install pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0 pandas==3.1.1
    python text.py [outdir]
"""

import csv
import datetime as dt
import pathlib
import sys

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.csv

HERE = pathlib.Path(__file__).resolve().parent


def rows():
    notes = ["plain", None, 'a "quote"', "a, comma; and more", "two\nlines", "two\r\nlines", " blanks ", "ümlaut 日本 😀", "'", "\\ and \t"]
    return [
        {
            "id": f"p-{i:03}",
            "note": notes[i % len(notes)],
            "count": None if i % 7 == 3 else i * 1_000_000_007,
            "at": None if i % 5 == 4 else dt.datetime(2026, 11, 1, 8, 30, i, 1000 * i),
            "flag": None if i % 3 == 2 else i % 2 == 0,
        }
        for i in range(40)
    ]


SCHEMA = pa.schema([("id", pa.string()), ("note", pa.string()), ("count", pa.int64()), ("at", pa.timestamp("us")), ("flag", pa.bool_())])


def by_duckdb(out, table):
    con = duckdb.connect()
    con.register("t", table)
    for name, options in {
        "duckdb.csv": "FORMAT csv",
        "duckdb_pipe.csv": "FORMAT csv, DELIMITER '|', FORCE_QUOTE *",
        "duckdb.csv.gz": "FORMAT csv, COMPRESSION gzip",
        "duckdb.csv.zst": "FORMAT csv, COMPRESSION zstd",
        "duckdb.ndjson": "FORMAT json",
        "duckdb.ndjson.gz": "FORMAT json, COMPRESSION gzip",
    }.items():
        con.execute(f"COPY t TO '{out}/text_{name}' ({options})")


def by_pandas(out, table):
    # Nullable types: numpy has no integer or boolean that is missing.
    frame = table.to_pandas(types_mapper=pandas.ArrowDtype)
    frame.to_csv(out / "text_pandas.csv", index=False)
    frame.to_csv(out / "text_pandas_index.csv")
    frame.to_csv(out / "text_pandas_all.tsv", index=False, sep="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    frame.to_csv(out / "text_pandas.csv.gz", index=False)
    frame.to_json(out / "text_pandas.ndjson", orient="records", lines=True, date_format="iso")
    frame.to_json(out / "text_pandas_epoch.jsonl.gz", orient="records", lines=True, date_format="epoch", date_unit="us")


def by_pyarrow(out, table):
    pyarrow.csv.write_csv(table, out / "text_pyarrow.csv")
    options = pyarrow.csv.WriteOptions(delimiter=";")
    with pa.CompressedOutputStream(str(out / "text_pyarrow_semicolon.csv.gz"), "gzip") as stream:
        pyarrow.csv.write_csv(table, stream, options)


def by_polars(out, table):
    frame = polars.from_arrow(table)
    frame.write_csv(out / "text_polars.csv")
    frame.write_csv(out / "text_polars_bom.csv", include_bom=True, line_terminator="\r\n")
    frame.write_ndjson(out / "text_polars.ndjson")


def by_python(out):
    """As spreadsheets of central Europe save it."""
    with open(out / "text_excel_semicolon.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, SCHEMA.names, dialect="excel", delimiter=";")
        writer.writeheader()
        writer.writerows(rows())


def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    table = pa.Table.from_pylist(rows(), SCHEMA)
    by_duckdb(out, table)
    by_pandas(out, table)
    by_pyarrow(out, table)
    by_polars(out, table)
    by_python(out)


if __name__ == "__main__":
    main()
