"""expected.json: what each file holds. The consent files are read back and compared first.

A send list or a quirk is told leaf by leaf, each under its path in the file: for each row
the values that are not null, in order, as they are stored. Booleans and
integers (also days, times and durations) stand as such, floats as the hex of
their bits, decimals as the integer without its scale, text as such, and bytes
that are no UTF-8 as hex after "0x". INT96 is in nanoseconds since 1970.
"""

import datetime as dt
import json
import struct

import pyarrow as pa
import pyarrow.parquet as pq

import consents
import flat
import lists

FLOATS = {pa.float16(): "e", pa.float32(): "f", pa.float64(): "d"}


def stored(scalar):
    """The stored form of a value that is not null."""
    t, value = scalar.type, scalar.as_py
    if isinstance(t, pa.BaseExtensionType):
        return stored(scalar.value)
    if pa.types.is_dictionary(t):
        return stored(scalar.dictionary[scalar.index.as_py()])
    if t in FLOATS:
        return struct.pack(">" + FLOATS[t], value()).hex()
    if pa.types.is_decimal(t):
        return int(format(value(), "f").replace(".", ""))
    if t == pa.date64():
        return scalar.value // 86400000
    if t == pa.timestamp("s", tz="UTC"):
        return scalar.value * 1000  # Parquet has no seconds
    if pa.types.is_temporal(t):
        return scalar.value
    return text(value()) if isinstance(value(), bytes) else value()


def text(value):
    try:
        return value.decode()
    except UnicodeDecodeError:
        return "0x" + value.hex()


def leaves(t):
    """Functions that yield the values of each leaf below a value of type t."""
    if isinstance(t, pa.BaseExtensionType):
        return leaves(t.storage_type)
    if pa.types.is_struct(t):
        return [lambda s, k=k, leaf=leaf: leaf(s[k]) if s.is_valid else ()
                for k in range(t.num_fields) for leaf in leaves(t[k].type)]
    if pa.types.is_map(t) or hasattr(t, "value_type") and pa.types.is_nested(t):
        inner = pa.struct([("key", t.key_type), ("value", t.item_type)]) if pa.types.is_map(t) else t.value_type
        return [lambda s, leaf=leaf: (v for item in (s.values if s.is_valid else None) or () for v in leaf(item))
                for leaf in leaves(inner)]
    return [lambda s: (stored(s),) if s.is_valid else ()]


def described(path):
    file, table = pq.ParquetFile(path), pq.read_table(path)
    told = []
    for column in table.columns:
        told += [[list(leaf(scalar)) for scalar in column] for leaf in leaves(column.type)]
    names = [file.schema.column(k).path for k in range(len(file.schema))]
    if len(names) != len(told):
        raise ValueError(f"describe {path.name}: {len(told)} leaves, want {len(names)}")
    return {"rows": file.metadata.num_rows, "row_groups": file.metadata.num_row_groups, "leaves": dict(zip(names, told))}


def aware(value):
    """Maps come back as pairs, times in the file's own unit: bring both to the logical form."""
    if isinstance(value, dict):
        return {k: aware(v) for k, v in value.items()}
    if isinstance(value, list):
        pairs = value and all(isinstance(v, tuple) for v in value)
        return {k: aware(v) for k, v in value} if pairs else [aware(v) for v in value]
    return value.astimezone(dt.timezone.utc) if isinstance(value, dt.datetime) else value


def consent_files(out):
    names = sorted(p.name for p in out.glob("consents_*.parquet"))
    want = [consents.expected(r) for r in consents.rows()]
    for name in names:
        table = pq.read_table(out / name, coerce_int96_timestamp_unit="us")
        got = [consents.expected(aware(r)) for r in table.select(consents.SCHEMA.names).to_pylist()]
        for i, (g, w) in enumerate(zip(got, want, strict=True)):
            if g != w:
                raise ValueError(f"compare {name}: row {i}: got {g}, want {w}")
    return {"files": names, "rows": want}


def flat_files(out):
    names = sorted(f"{name}.parquet" for name in flat.FILES)
    for name in names:
        if not pq.read_table(out / name).equals(flat.table()):
            raise ValueError(f"compare {name}: it holds other rows than it was given")
    return {"files": names, "rows": flat.expected()}


def write(out):
    parts = sorted((out / "spark_dir").glob("part-*.parquet"))
    found = {
        "consents": consent_files(out),
        "flat": flat_files(out),
        "lists": {p.name: described(p) for p in sorted(out.glob("list_*.parquet"))},
        "quirks": {p.name: described(p) for p in sorted(out.glob("quirk_*.parquet"))},
        "required": {
            "files": sorted(p.name for p in out.glob("required_*.parquet")),
            "rows": [{**r, "t": consents.rfc3339(r["t"])} for r in lists.required_table().to_pylist()]},
        "unsigned": {"unsigned_duckdb_v2.parquet": [[2**32 - 1 - i, 2**64 - 1 - i] for i in range(lists.ROWS)]},
        "empty": {p.name: pq.ParquetFile(p).metadata.num_rows for p in sorted(out.glob("empty_*.parquet"))},
        "spark_dir": {"parts": [p.name for p in parts], "rows": sum((pq.read_table(p).to_pylist() for p in parts), [])},
        "unsupported": {
            "flat_spark_lz4hadoop.parquet": "codec LZ4 with Hadoop framing, 30 rows as in spark_dir",
            "encrypted_pyarrow_footer.parquet": "footer and columns encrypted",
            "encrypted_pyarrow_column.parquet": "plain footer, column email_opt_in encrypted"},
    }
    lines = [f"{json.dumps(name)}: {json.dumps(told, ensure_ascii=False)}" for name, told in found.items()]
    (out / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
