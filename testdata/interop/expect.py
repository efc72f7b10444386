"""expected.json: what each file holds. The consent files are read back and compared first.

A canonical dump has one JSON array per row, no spaces, in column order:
null, booleans, integers and strings as in JSON; floats as their shortest
decimal in a string, with nan, inf and -inf; decimals as strings with their
scale; bytes as hex; dates, times, timestamps and durations as the stored
integer followed by its unit (d, s, ms, us, ns) in a string; a struct as an
array of its fields, a list as an array, a map as an array of pairs. The md5 is
taken over the dump, each row ended by a newline.
"""

import datetime as dt
import hashlib
import json

import pyarrow as pa
import pyarrow.parquet as pq

import consents
import flat
import lists

TIMED = (pa.types.is_timestamp, pa.types.is_time, pa.types.is_duration)


def plain(scalar):
    t = scalar.type
    if not scalar.is_valid:
        return None
    if isinstance(t, pa.BaseExtensionType) or pa.types.is_dictionary(t):
        return plain(scalar.value if isinstance(t, pa.BaseExtensionType) else scalar.dictionary[scalar.index.as_py()])
    if any(test(t) for test in TIMED):
        return f"{scalar.value}{t.unit}"
    if pa.types.is_date(t):
        return f"{scalar.value}{'d' if pa.types.is_date32(t) else 'ms'}"
    if pa.types.is_struct(t):
        return [plain(scalar[k]) for k in range(t.num_fields)]
    if pa.types.is_map(t) or hasattr(scalar, "values") and pa.types.is_nested(t):
        return [plain(v) for v in scalar.values]
    return leaf(scalar.as_py())


def leaf(value):
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, (bool, int, str)) else str(value)


def dump(path):
    table = pq.read_table(path)
    columns = [[plain(table.column(k)[i]) for i in range(table.num_rows)] for k in range(table.num_columns)]
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in zip(*columns)]
    return "".join(line + "\n" for line in lines)


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
    dumps = {dump(out / name) for name in names}
    if len(dumps) != 1:
        raise ValueError(f"compare flat files: got {len(dumps)} different contents, want 1")
    return {"files": names, "rows": flat.expected()}


def described(path):
    file = pq.ParquetFile(path)
    text = dump(path)
    return {"rows": file.metadata.num_rows, "row_groups": file.metadata.num_row_groups,
            "columns": file.schema_arrow.names, "md5": hashlib.md5(text.encode()).hexdigest()}


def write(out):
    parts = sorted((out / "spark_dir").glob("part-*.parquet"))
    found = {
        "consents": consent_files(out),
        "flat": flat_files(out),
        "lists": {p.name: described(p) for p in sorted(out.glob("list_*.parquet"))},
        "required": {
            "files": sorted(p.name for p in out.glob("required_*.parquet")),
            "rows": [{**r, "t": consents.rfc3339(r["t"])} for r in lists.required_table().to_pylist()]},
        "empty": {p.name: described(p) for p in sorted(out.glob("empty_*.parquet"))},
        "spark_dir": {"parts": [p.name for p in parts], "rows": sum((pq.read_table(p).to_pylist() for p in parts), [])},
        "unsupported": {"flat_spark_lz4hadoop.parquet": "codec LZ4 with Hadoop framing, 30 rows as in spark_dir"},
    }
    (out / "expected.json").write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n")
