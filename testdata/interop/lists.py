"""Send lists that carry every column type a writer has, for the copy of whole rows."""

import datetime as dt
import decimal
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 24
START = dt.datetime(2025, 3, 1, 12, 30, 15)
TREE = pa.list_(pa.struct([("x", pa.int32()), ("y", pa.string())]))

# Null, empty and filled at every level; the rows cycle through them.
INTS = [[1, 2, 3], [], None, [None], [4, None, 5]]
TEXTS = [[["a"], []], [None], [], None, [["b", None], ["c"]]]
STRUCTS = [{"x": 1, "y": "a"}, None, {"x": None, "y": None}, {"x": 2, "y": None}]
TREES = [[{"x": 1, "y": "a"}, None], [], None, [{"x": None, "y": None}, {"x": 2, "y": "b"}]]
COUNTS = [{"a": 1, "b": None}, {}, None, {"c": 3}]
GROVES = [{"k": TREES[0], "l": None}, {"m": []}, {}, None, {"n": TREES[3]}]
FLOATS = [0.5, -0.0, None, float("nan"), float("inf"), float("-inf"), 1.25e10]


def key(i):
    return {"profile_id": f"p-{i:04d}", "email": None if i % 9 == 4 else f"user{i}@example.com"}


def sometimes(value, i):
    return None if i % 7 == 3 else value


def micros(i):
    return START + dt.timedelta(days=i, microseconds=1001 * i)


def nested(i):
    return {
        "ints": INTS[i % 5],
        "texts": TEXTS[i % 5],
        "pair": STRUCTS[i % 4],
        "pairs": TREES[i % 4],
        "counts": COUNTS[i % 4],
        "groves": GROVES[i % 5],
    }


NESTED = [
    ("ints", pa.list_(pa.int32())),
    ("texts", pa.list_(pa.list_(pa.string()))),
    ("pair", TREE.value_type),
    ("pairs", TREE),
    ("counts", pa.map_(pa.string(), pa.int32())),
    ("groves", pa.map_(pa.string(), TREE)),
]
KEYS = [("profile_id", pa.string()), ("email", pa.string())]


def decimals(i, scale):
    return decimal.Decimal((i - 9) * 1234567).scaleb(-scale)


def scalars():
    """Pairs of field and function of the row number; pyarrow stores them all."""
    columns = [("yes", pa.bool_(), lambda i: i % 2 == 0)]
    for bits in (8, 16, 32, 64):
        top = 2 ** (bits - 1)
        columns.append((f"i{bits}", getattr(pa, f"int{bits}")(), lambda i, top=top: [-top, top - 1, 0, i][i % 4]))
        columns.append((f"u{bits}", getattr(pa, f"uint{bits}")(), lambda i, top=top: [2 * top - 1, 0, i][i % 3]))
    for name in ("float32", "float64"):
        columns.append((f"f{name[5:]}", getattr(pa, name)(), lambda i: FLOATS[i % 7]))
    columns += [
        ("f16", pa.float16(), lambda i: [0.5, -2.0, 65504.0][i % 3]),
        ("d9", pa.decimal128(9, 2), lambda i: decimals(i % 8, 2)),
        ("d18", pa.decimal128(18, 4), lambda i: decimals(i, 4)),
        ("d38", pa.decimal128(38, 10), lambda i: decimals(i, 10)),
        ("d76", pa.decimal256(76, 6), lambda i: decimals(i, 6)),
        ("day", pa.date32(), lambda i: dt.date(1969, 12, 30) + dt.timedelta(days=i)),
        ("clock_ms", pa.time32("ms"), lambda i: dt.time(i % 24, 59, 59, 999000)),
        ("clock_us", pa.time64("us"), lambda i: dt.time(i % 24, 0, 0, i)),
        ("clock_ns", pa.time64("ns"), lambda i: dt.time(i % 24, 0, 1, i)),
        ("text", pa.string(), lambda i: ["", "é", "zero\x00byte", "日本語", "\U0001f600" * (i % 3)][i % 5]),
        ("blob", pa.binary(), lambda i: bytes(range(i))),
        ("blob7", pa.binary(7), lambda i: bytes([i]) * 7),
        ("id", pa.uuid(), lambda i: uuid.UUID(int=i * 2**100 + i).bytes),
        ("doc", pa.json_(), lambda i: '{"n": %d}' % i),
    ]
    for unit in ("ms", "us", "ns"):
        for suffix, zone in (("", None), ("_utc", "UTC")):
            columns.append((f"t_{unit}{suffix}", pa.timestamp(unit, tz=zone), lambda i: START + dt.timedelta(days=i, milliseconds=i)))
    return columns


def pyarrow_table():
    columns = scalars()
    arrays = [pa.array([key(i)[n] for i in range(ROWS)], t) for n, t in KEYS]
    arrays += [pa.array([sometimes(make(i), i) for i in range(ROWS)], t) for _, t, make in columns]
    arrays += [pa.array([nested(i)[n] for i in range(ROWS)], t) for n, t in NESTED]
    return pa.table(arrays, schema=pa.schema(KEYS + [(n, t) for n, t, _ in columns] + NESTED))


def rare_table():
    """What only Arrow knows (stored schema says so) and the always-null logical type."""
    count = range(ROWS)
    columns = {
        "words": pa.array([["red", "blue", None][i % 3] for i in count]).dictionary_encode(),
        "large_text": pa.array([f"t{i}" for i in count], pa.large_string()),
        "large_ints": pa.array([INTS[i % 5] for i in count], pa.large_list(pa.int32())),
        "three": pa.array([None if i % 4 == 1 else [i, None, 2] for i in count], pa.list_(pa.int32(), 3)),
        "view": pa.array([f"a string that is longer than twelve {i}" for i in count], pa.string_view()),
        "nothing": pa.nulls(ROWS),
        "span": pa.array([i * 1000 for i in count], pa.duration("us")),
        "midnight": pa.array([i * 86400000 for i in count], pa.date64()),
        "paris": pa.array([micros(i) for i in count], pa.timestamp("us", tz="Europe/Paris")),
        "seconds": pa.array([START.replace(second=i) for i in count], pa.timestamp("s", tz="UTC")),
    }
    keys = {n: pa.array([key(i)[n] for i in count], t) for n, t in KEYS}
    return pa.table({**keys, **columns})


def required_table():
    """No column may be null. A former parquet-go lost booleans beside converted columns."""
    fields = [("profile_id", pa.string()), ("opted_in", pa.bool_()), ("n", pa.int64()), ("confirmed", pa.bool_()),
              ("t", pa.timestamp("us", tz="UTC"))]
    rows = [{"profile_id": f"p-{i:04d}", "opted_in": i % 3 == 0, "n": i * i, "confirmed": i % 5 != 0, "t": micros(i)}
            for i in range(100)]
    return pa.Table.from_pylist(rows, pa.schema([pa.field(n, t, nullable=False) for n, t in fields]))


def by_pyarrow(out):
    table = pyarrow_table()
    pq.write_table(table, out / "list_pyarrow.parquet", compression="zstd", data_page_version="2.0", row_group_size=10)
    pq.write_table(table, out / "list_pyarrow_item.parquet", use_compliant_nested_type=False,
                   store_decimal_as_integer=True, store_schema=False)
    pq.write_table(rare_table(), out / "list_pyarrow_rare.parquet")
    pq.write_table(required_table(), out / "required_pyarrow.parquet", row_group_size=40)


DUCKDB = """
SELECT k.profile_id, k.email,
  CASE WHEN i % 7 <> 3 THEN i % 2 = 0 END AS yes,
  (i - 12)::TINYINT AS i8, (i * 1000)::SMALLINT AS i16, (i * -100000)::INTEGER AS i32, (i * 100000000000) AS i64,
  i::UTINYINT AS u8, (i * 2000)::USMALLINT AS u16, (4294967295 - i)::UINTEGER AS u32,
  (18446744073709551615 - i)::UBIGINT AS u64, (i * 10000000000000000000000)::HUGEINT AS huge_stored_as_double,
  (i / 4)::FLOAT AS f32, CASE i % 5 WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE ELSE i / 3 END AS f64,
  (i - 9.75)::DECIMAL(4, 2) AS d4, (i - 9.75)::DECIMAL(9, 2) AS d9, (i - 9.75)::DECIMAL(18, 4) AS d18,
  CASE WHEN i % 7 <> 3 THEN (i - 9.75)::DECIMAL(38, 10) END AS d38,
  DATE '1969-12-30' + i::INTEGER AS day, TIME '23:59:59.999999' - to_microseconds(i) AS clock,
  '12:30:15.000001+02'::TIMETZ AS clock_zone,
  TIMESTAMP_S '2025-03-01 12:30:15' AS t_s, TIMESTAMP_MS '2025-03-01 12:30:15.123' AS t_ms,
  TIMESTAMP '2025-03-01 12:30:15.123456' + to_days(i::INTEGER) AS t_us,
  TIMESTAMP_NS '2025-03-01 12:30:15.123456789' AS t_ns,
  TIMESTAMPTZ '2025-03-01 12:30:15.123456+00' AS t_us_utc,
  CASE i % 3 WHEN 0 THEN '' WHEN 1 THEN 'é' END AS text, repeat('\\xFF', i)::BLOB AS blob,
  ('00000000-0000-4000-8000-' || lpad(i::VARCHAR, 12, '0'))::UUID AS id, '{"n": 1}'::JSON AS doc,
  (['red', 'blue'])[1 + i % 2]::ENUM('red', 'blue') AS colour, INTERVAL 1 MONTH + to_days(i::INTEGER) AS span,
  '0101'::BIT AS bits, [i, NULL]::BIGINT[2] AS two,
  k.ints, k.texts, k.pair, k.pairs, k.counts, k.groves
FROM range(24) r(i) JOIN k ON k.n = i ORDER BY i
"""


def nested_table():
    rows = [{"n": i, **key(i), **nested(i)} for i in range(ROWS)]
    return pa.Table.from_pylist(rows, pa.schema([("n", pa.int64())] + KEYS + NESTED))


def by_duckdb(connection, out):
    connection.register("k", nested_table())
    connection.execute(f"COPY ({DUCKDB}) TO '{out / 'list_duckdb.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
    # pyarrow cannot read back a UINTEGER above 2**31 from DuckDB's pages v2; unsigned_duckdb_v2 keeps one.
    modest = DUCKDB.replace("(4294967295 - i)", "(2147483647 - i)")
    connection.execute(f"COPY ({modest}) TO '{out / 'list_duckdb_v2.parquet'}' "
                       "(FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v2)")
    connection.execute(f"COPY (SELECT (4294967295 - i)::UINTEGER AS u32, (18446744073709551615 - i)::UBIGINT AS u64 "
                       f"FROM range({ROWS}) r(i)) TO '{out / 'unsigned_duckdb_v2.parquet'}' "
                       "(FORMAT parquet, PARQUET_VERSION v2)")
