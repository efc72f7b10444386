"""The flat table behind the matrix of codecs, encodings and page layouts, written by pyarrow."""

import datetime as dt
import decimal
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 120
SCHEMA = pa.schema([
    ("key", pa.string()),
    ("key_int", pa.int64()),
    ("key_uuid", pa.uuid()),
    ("email_opt_in", pa.bool_()),
    ("val", pa.string()),
    ("t_ms", pa.timestamp("ms", tz="UTC")),
    ("t_us", pa.timestamp("us", tz="UTC")),
    ("t_ns", pa.timestamp("ns", tz="UTC")),
    ("n", pa.int32()),
    ("d", pa.decimal128(18, 4)),
    ("f", pa.float64()),
])
VALUES = ["y", "n", "dy", "dn", "p", "u", "LI", "CT", "CP", "VI", "PI", None, "", "Y", "yes"]
START = 1735689600  # 2025-01-01T00:00:00Z

INTS = ("key_int", "t_ms", "t_us", "t_ns", "n")
DELTA = {**{name: "DELTA_BINARY_PACKED" for name in INTS}, "key": "DELTA_LENGTH_BYTE_ARRAY", "val": "DELTA_BYTE_ARRAY"}
PREFIX = {"key": "DELTA_BYTE_ARRAY", "key_uuid": "DELTA_BYTE_ARRAY", "d": "DELTA_BYTE_ARRAY", "val": "DELTA_LENGTH_BYTE_ARRAY"}
SPLIT = {name: "BYTE_STREAM_SPLIT" for name in INTS + ("f", "d", "key_uuid")}
TINY = {"data_page_size": 64, "write_batch_size": 7}
ROWS64 = {"row_group_size": 64}
FALLBACK = {"dictionary_pagesize_limit": 200, "data_page_size": 256, "write_batch_size": 16}

# name: codec, page version, encodings, layout. Not the full product: each codec
# with both page versions, each encoding at least once.
FILES = {
    "flat_none_v1_plain": ("none", "1.0", {"use_dictionary": False}, {}),
    "flat_none_v2_dict": ("none", "2.0", {}, TINY),
    "flat_none_v1_fallback": ("none", "1.0", {}, {**FALLBACK, **ROWS64}),
    "flat_snappy_v1_dict": ("snappy", "1.0", {}, {}),
    "flat_snappy_v2_delta": ("snappy", "2.0", {"column_encoding": DELTA}, TINY),
    "flat_snappy_v2_split": ("snappy", "2.0", {"column_encoding": SPLIT}, {**TINY, **ROWS64}),
    "flat_gzip_v1_dict": ("gzip", "1.0", {}, {**TINY, **ROWS64}),
    "flat_gzip_v2_prefix": ("gzip", "2.0", {"column_encoding": PREFIX}, {}),
    "flat_zstd_v1_index": ("zstd", "1.0", {"use_dictionary": False}, {**TINY, "write_page_index": True}),
    "flat_zstd_v1_checksum": ("zstd", "1.0", {}, {**ROWS64, "write_page_checksum": True, "write_statistics": False}),
    "flat_zstd_v2_fallback": ("zstd", "2.0", {}, FALLBACK),
    "flat_lz4raw_v1_split": ("lz4", "1.0", {"column_encoding": SPLIT}, {}),
    "flat_lz4raw_v2_plain": ("lz4", "2.0", {"use_dictionary": False}, {**TINY, **ROWS64}),
    "flat_brotli_v1_delta": ("brotli", "1.0", {"column_encoding": DELTA}, {}),
    "flat_brotli_v2_dict": ("brotli", "2.0", {}, {**ROWS64, "write_page_index": True}),
    "flat_zstd_v2_decimal64": ("zstd", "2.0", {}, {**ROWS64, "store_decimal_as_integer": True}),
}


def rows():
    out = []
    for i in range(ROWS):
        ns = (START + 3601 * i) * 10**9 + i * 123456789 % 10**9
        if i == 50:
            ns = -1  # the last nanosecond before 1970
        when = None if i % 11 == 5 else ns
        out.append({
            "key": f"p-{i // 2:06d}" if i % 2 else f"profile/{'x' * (i % 17)}{i:04d}",
            "key_int": (i - 100) * 7919 * 10 ** (i % 10),
            "key_uuid": uuid.UUID(int=(i * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128).bytes,
            "email_opt_in": None if i % 13 == 7 else i % 3 == 0,
            "val": VALUES[i * 7 % len(VALUES)],
            "t_ms": when and when // 10**6,
            "t_us": when and when // 10**3,
            "t_ns": when,
            "n": None if i % 5 == 2 or 70 <= i < 90 else i * i - 9000,
            "d": None if i % 17 == 3 else decimal.Decimal((i - 90) * 123456789) / 10000,
            "f": None if i % 19 == 4 else (-0.0 if i == 0 else (i - 77) / 8),
        })
    return out


def table():
    data = rows()
    return pa.table([pa.array([r[f.name] for r in data], f.type) for f in SCHEMA], schema=SCHEMA)


def write(out):
    for name, (codec, version, encodings, layout) in FILES.items():
        settings = {**encodings, **layout}
        if "column_encoding" in settings:  # the two settings exclude each other per column
            settings["use_dictionary"] = [f.name for f in SCHEMA if f.name not in settings["column_encoding"]]
        pq.write_table(table(), out / f"{name}.parquet", compression=codec, data_page_version=version, **settings)


def rfc3339(value, digits):
    """Floor division keeps times before 1970 right."""
    if value is None:
        return None
    seconds, fraction = divmod(value, 10**digits)
    day = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)
    return f"{day:%Y-%m-%dT%H:%M:%S}.{fraction:0{digits}d}Z"


def expected():
    return [{
        **r,
        "key_uuid": str(uuid.UUID(bytes=r["key_uuid"])),
        "t_ms": rfc3339(r["t_ms"], 3),
        "t_us": rfc3339(r["t_us"], 6),
        "t_ns": rfc3339(r["t_ns"], 9),
        "d": None if r["d"] is None else f"{r['d']:.4f}",
    } for r in rows()]
