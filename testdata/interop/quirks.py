"""Files of writers that fill up pages in ways of their own, in runs longer than those of the other files.

polars and DuckDB leave what their buffer held behind the last value of a run,
DuckDB up to 255 values; fastparquet adds a group to a run and eight zeros to a
page; pyarrow before version 12 counted the entries of nested columns as rows
in pages v2, and no nulls where it wrote no statistics.

write.py makes those of the tools it needs anyway. For the older tools, which
need an environment of their own:

    pip install pyarrow==10.0.1 "numpy<2" fastparquet==2024.2.0 "pandas<2.2"
    python quirks.py OUTDIR

and then write.py again, whose expected.json tells what is in all of them.
"""

import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 400
VALUES = ["y", "n", "dy", "dn", "p"]


def val(i):
    return None if i * i % 7 == 4 else VALUES[i * i % 5]


def flat():
    count = range(ROWS)
    return pa.table({
        "profile_id": pa.array([f"p-{i:04d}" for i in count]),
        "val": pa.array([val(i) for i in count], pa.string()),
        "same": pa.array(["same"] * ROWS),
        "yes": pa.array([None if i % 5 == 0 else i * i % 3 == 0 for i in count], pa.bool_()),
        "n": pa.array([None if i % 11 == 0 else i * i for i in count], pa.int64()),
    })


def nested():
    lists = [None if i % 4 == 0 else [None if k == 1 else f"x{k}" for k in range(i % 5)] for i in range(ROWS)]
    pairs = [None if i % 3 == 0 else {"a": i, "b": val(i)} for i in range(ROWS)]
    return flat().append_column("texts", pa.array(lists)).append_column("pair", pa.array(pairs))


def by_pyarrow(out):
    """Pages that end elsewhere in each column, of version 1 also within a row."""
    for version, words in (("1", ["same"]), ("2", ["same", "val", "n"])):
        pq.write_table(nested(), out / f"quirk_pyarrow_pages_v{version}.parquet", data_page_version=f"{version}.0",
                       data_page_size=400, write_batch_size=16, use_dictionary=words)


def by_duckdb(connection, out):
    connection.register("quirks", nested())
    connection.execute(f"COPY (SELECT * FROM quirks) TO '{out / 'quirk_duckdb.parquet'}' (FORMAT parquet)")


def by_polars(frame_of, out):
    frame_of(nested()).write_parquet(out / "quirk_polars.parquet")


def by_old_tools(out):
    import fastparquet

    frame = flat().to_pandas()
    frame["yes"] = frame["yes"].astype("boolean")
    fastparquet.write(str(out / "quirk_fastparquet.parquet"), frame, compression="SNAPPY")
    frame["val"] = frame["val"].astype("category")
    fastparquet.write(str(out / "quirk_fastparquet_category.parquet"), frame, compression="UNCOMPRESSED")
    for name, statistics in (("", True), ("_plain", False)):
        pq.write_table(nested(), out / f"quirk_pyarrow10{name}.parquet", data_page_version="2.0",
                       write_statistics=statistics, row_group_size=150)


if __name__ == "__main__":
    by_old_tools(pathlib.Path(sys.argv[1]).resolve())
