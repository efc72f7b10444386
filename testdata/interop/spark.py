"""What Spark writes: consents and lists in its three dialects, and a whole output directory."""

import datetime as dt
import shutil
import sys

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import types as st

import consents
import lists

WRITE = "spark.sql.parquet."
SCALARS = {
    pa.string(): st.StringType(), pa.bool_(): st.BooleanType(), pa.int32(): st.IntegerType(),
    pa.int64(): st.LongType(), consents.STAMP: st.TimestampType(),
}
LIST = [
    ("yes", st.BooleanType()), ("i8", st.ByteType()), ("i16", st.ShortType()), ("i32", st.IntegerType()),
    ("i64", st.LongType()), ("f32", st.FloatType()), ("f64", st.DoubleType()), ("d9", st.DecimalType(9, 2)),
    ("d18", st.DecimalType(18, 4)), ("d38", st.DecimalType(38, 10)), ("day", st.DateType()),
    ("t", st.TimestampType()), ("t_local", st.TimestampNTZType()), ("text", st.StringType()), ("blob", st.BinaryType()),
]


def spark_type(t):
    if pa.types.is_struct(t):
        return st.StructType([st.StructField(f.name, spark_type(f.type)) for f in t])
    if pa.types.is_map(t):
        return st.MapType(spark_type(t.key_type), spark_type(t.item_type))
    if pa.types.is_list(t):
        return st.ArrayType(spark_type(t.value_type))
    return SCALARS[t]


def list_row(i):
    at = lists.micros(i).replace(tzinfo=dt.timezone.utc)
    scalars = {
        "yes": i % 2 == 0, "i8": i - 12, "i16": i * 1000, "i32": -i * 100000, "i64": i * 10**11, "f32": i / 4,
        "f64": lists.FLOATS[i % 7], "d9": lists.decimals(i % 8, 2), "d18": lists.decimals(i, 4),
        "d38": lists.decimals(i, 10), "day": dt.date(1969, 12, 30) + dt.timedelta(days=i), "t": at,
        "t_local": lists.micros(i), "text": ["", "é", "日本語"][i % 3], "blob": bytearray(range(i)),
    }
    solid = {"tags": [f"t{k}" for k in range(i % 3)], "solid_pairs": [{"x": k, "y": "z"} for k in range(i % 3)]}
    return {**lists.key(i), **{n: lists.sometimes(v, i) for n, v in scalars.items()}, **solid, **lists.nested(i)}


def list_schema():
    """tags and solid_pairs hold no nulls: the legacy dialect then writes two levels, not three."""
    pair = spark_type(lists.TREE.value_type)
    fields = [(n, spark_type(t)) for n, t in lists.KEYS] + LIST
    fields += [("tags", st.ArrayType(st.StringType(), False)), ("solid_pairs", st.ArrayType(pair, False))]
    fields += [(n, spark_type(t)) for n, t in lists.NESTED]
    return st.StructType([st.StructField(n, t) for n, t in fields])


def ordered(value, t):
    """Rows as tuples in the order of the schema, for Spark matches by position."""
    if value is None:
        return None
    if isinstance(t, st.StructType):
        return tuple(ordered(value[f.name], f.dataType) for f in t)
    if isinstance(t, st.ArrayType):
        return [ordered(v, t.elementType) for v in value]
    if isinstance(t, st.MapType):
        return {k: ordered(v, t.valueType) for k, v in value.items()}
    return value


class Writer:
    """One local session; settings are set for one file and unset after it."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.session = (SparkSession.builder.master("local[1]").appName("interop")
                        .config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
                        .config("spark.pyspark.python", sys.executable).config("spark.pyspark.driver.python", sys.executable)
                        .config("spark.sql.warehouse.dir", str(scratch / "warehouse")).getOrCreate())
        self.session.sparkContext.setLogLevel("ERROR")

    def directory(self, rows, schema, target, parts=1, codec="snappy", **settings):
        settings = {"outputTimestampType": "TIMESTAMP_MICROS", "writeLegacyFormat": "false", **settings}
        for name, value in settings.items():
            self.session.conf.set(WRITE + name, value)
        tuples = [ordered(r, schema) for r in rows]
        frame = self.session.createDataFrame(self.session.sparkContext.parallelize(tuples, parts), schema)
        frame.write.mode("overwrite").option("compression", codec).parquet(str(target))

    def file(self, rows, schema, target, **settings):
        self.directory(rows, schema, self.scratch / target.name, **settings)
        part, = (self.scratch / target.name).glob("part-*.parquet")
        shutil.copyfile(part, target)


def flat_schema():
    return st.StructType([st.StructField("profile_id", st.StringType()), st.StructField("val", st.StringType())])


def write(out, scratch):
    writer = Writer(scratch)
    people, layout = consents.rows(), st.StructType(
        [st.StructField(f.name, spark_type(f.type)) for f in consents.SCHEMA])
    writer.file(people, layout, out / "consents_spark.parquet")
    writer.file(people, layout, out / "consents_spark_int96.parquet", outputTimestampType="INT96")
    writer.file(people, layout, out / "consents_spark_legacy.parquet", writeLegacyFormat="true")
    planned = [list_row(i) for i in range(lists.ROWS)]
    writer.file(planned, list_schema(), out / "list_spark.parquet")
    writer.file(planned, list_schema(), out / "list_spark_legacy.parquet", writeLegacyFormat="true",
                outputTimestampType="INT96")
    writer.file(planned, list_schema(), out / "list_spark_millis.parquet", outputTimestampType="TIMESTAMP_MILLIS",
                codec="gzip")
    answers = [{"profile_id": f"p-{i:04d}", "val": consents.CHOICES[i % 15]} for i in range(30)]
    writer.file(answers, flat_schema(), out / "flat_spark_lz4hadoop.parquet", codec="lz4")
    writer.file([], flat_schema(), out / "empty_spark.parquet")
    directory(writer, out, answers)
    writer.session.stop()


def directory(writer, out, answers):
    """A job's output as it lies in a lake, with what others leave beside the parts."""
    target = out / "spark_dir"
    writer.directory(answers, flat_schema(), target, parts=3)
    (target / ".part-00009.parquet.tmp").write_text("half a file: a reader must not open this\n")
    (target / "manifest.json").write_text('{"note": "not Parquet: a reader must not open this"}\n')
