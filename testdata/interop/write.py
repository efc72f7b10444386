"""Writes every file of this directory with the tool named in it.

    pip install pyspark==4.3.0 pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0
    python write.py [outdir]

Java 17 or newer runs Spark, Go the parquet-go writer. Without outdir the files
beside this script are replaced, but for those of older tools: see quirks.py.
"""

import base64
import datetime as dt
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

import consents
import expect
import flat
import lists
import quirks
import spark

HERE = pathlib.Path(__file__).resolve().parent


def by_pyarrow(out):
    table = pa.Table.from_pylist(consents.rows(), consents.SCHEMA)
    pq.write_table(table, out / "consents_pyarrow.parquet")
    pq.write_table(table, out / "consents_pyarrow_v2.parquet", compression="zstd", data_page_version="2.0")
    flat.write(out)
    lists.by_pyarrow(out)
    quirks.by_pyarrow(out)
    empties(out, table)
    encrypted(out)


class PlainKeys(pe.KmsClient):
    """Keeps no secret: the files only have to be encrypted."""

    def wrap_key(self, key, name):
        return base64.b64encode(key)

    def unwrap_key(self, key, name):
        return base64.b64decode(key)


def encrypted(out):
    small = flat.table().select(["key", "email_opt_in", "val"]).slice(0, 20)
    factory = pe.CryptoFactory(lambda config: PlainKeys())
    for name, plain_footer in (("footer", False), ("column", True)):
        config = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["email_opt_in"]},
                                            plaintext_footer=plain_footer, cache_lifetime=dt.timedelta(minutes=5))
        keys = factory.file_encryption_properties(pe.KmsConnectionConfig(), config)
        with pq.ParquetWriter(out / f"encrypted_pyarrow_{name}.parquet", small.schema, encryption_properties=keys) as writer:
            writer.write_table(small)


def empties(out, table):
    """Empty in three ways: no row group, one without rows, one without rows between two others."""
    none = table.slice(0, 0)
    with pq.ParquetWriter(out / "empty_pyarrow.parquet", table.schema):
        pass
    with pq.ParquetWriter(out / "empty_pyarrow_group.parquet", table.schema) as writer:
        writer.write_table(none)
    small = flat.table().select(["key", "email_opt_in", "val"])
    with pq.ParquetWriter(out / "empty_pyarrow_middle.parquet", small.schema) as writer:
        for part in (small.slice(0, 10), small.slice(0, 0), small.slice(10, 10)):
            writer.write_table(part)


def by_duckdb(out):
    connection = duckdb.connect()
    connection.register("people", pa.Table.from_pylist(consents.rows(), consents.SCHEMA))
    copy = "COPY (SELECT * FROM people {}) TO '{}' (FORMAT parquet, COMPRESSION zstd)"
    connection.execute(copy.format("", out / "consents_duckdb.parquet"))
    connection.execute(copy.format("WHERE false", out / "empty_duckdb.parquet"))
    lists.by_duckdb(connection, out)
    quirks.by_duckdb(connection, out)


def by_polars(out):
    frame = polars.from_arrow(pa.Table.from_pylist(consents.rows(), consents.SCHEMA))
    frame.write_parquet(out / "consents_polars.parquet")
    quirks.by_polars(polars.from_arrow, out)


def by_go(out):
    """The Go writer takes the rows from consents_rows.json, so that they are the same."""
    rows = [json.dumps(r, default=consents.rfc3339, ensure_ascii=False) for r in consents.rows()]
    (out / "consents_rows.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
    root = HERE.parent.parent
    subprocess.run(["go", "run", "./testdata/interop/gowriter", str(out)], cwd=root, check=True)


def clear(out):
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.parquet"):
        if not old.name.startswith(("quirk_fastparquet", "quirk_pyarrow10")):
            old.unlink()
    shutil.rmtree(out / "spark_dir", ignore_errors=True)


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE).resolve()
    clear(out)
    by_pyarrow(out)
    by_duckdb(out)
    by_polars(out)
    by_go(out)
    with tempfile.TemporaryDirectory() as scratch:
        spark.write(out, pathlib.Path(scratch))
    expect.write(out)


if __name__ == "__main__":
    main()
