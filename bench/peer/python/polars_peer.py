"""The main job of a snapshot with Polars: polars_peer.py SNAPSHOT OUT

It does less than the others: its ledgers have no address_hash, since Polars has
no SHA-256, and rows come in whatever order is fastest.
"""

import sys
from datetime import timedelta

import polars as pl

snapshot, out = sys.argv[1:]

LISTS = [
    # name, channel, address column, its normal form, whether it is one, namespace
    ("black-friday", "email", "email", pl.col("email").str.strip_chars().str.to_lowercase(),
     pl.col("email").str.contains(r"^[^@]+@[^@]+\.[^@]+$"), "Email"),
    ("flash-sale", "sms", "phone", pl.col("phone").str.replace_all(" ", "", literal=True),
     pl.col("phone").str.starts_with("+"), "Phone"),
    ("app-news", "push", "token", pl.col("token"), pl.lit(True), None),
]
KNOWN = ["y", "n", "dy", "dn", "p", "u", "LI", "CT", "CP", "VI", "PI"]
REASONS = ["malformed_address", "no_address", "opt_out_all", "opt_out_channel", "opt_out_identity",
           "consent_invalid", "consent_expired", "consent_pending", "consent_unknown", "consent_basis",
           "consent_missing", "duplicate"]


def field(path):
    """A leaf of the nested consents."""
    steps = path.split(".")
    e = pl.col("consents")
    for step in steps:
        e = e.struct.field(step)
    return e


def yes(e):
    return e.is_in(["y", "dy"]).fill_null(False)


def no(e):
    return e.is_in(["n", "dn"]).fill_null(False)


def invalid(e):
    return e.is_in(KNOWN).not_().fill_null(False)


def expired(e, since):
    return yes(e) & (since < pl.col("send_at") - timedelta(days=1460)).fill_null(True)


consents = pl.scan_parquet(f"{snapshot}/consents/*.parquet")
answers = consents.select(
    "profile_id",
    *[field(f"marketing.{c}.val").alias(c) for c in ("any", "email", "sms", "push")],
    *[field(f"marketing.{c}.time").fill_null(field("metadata.time")).alias(f"{c}_since") for c in ("any", "email", "sms", "push")],
    field("metadata.time").alias("metadata"),
    field("personalize.content.val").alias("personal"),
)
# One row for each address that has consents of its own: one person in fifty.
single = (
    consents.select("profile_id", field("metadata.time").alias("metadata"), field("idSpecific").alias("of"))
    .filter(pl.col("of").is_not_null())
    .with_columns(pl.col("of").map.entries())
    .explode("of")
    .select("profile_id", "metadata", pl.col("of").struct.field("key").alias("namespace"),
            pl.col("of").struct.field("value").map.entries().alias("of"))
    .explode("of")
    .select("profile_id", "metadata", "namespace", pl.col("of").struct.field("key").alias("address"),
            pl.col("of").struct.field("value").alias("of"))
    .collect(engine="streaming")
    .lazy()
)


def judged(number):
    """The rows of a list with their verdicts."""
    name, channel, address, form, valid, namespace = LISTS[number]
    rows = (
        pl.scan_parquet(f"{snapshot}/lists/{name}.parquet", row_index_name="row")
        .with_columns(form.alias("address"), valid.alias("valid"), pl.col(address).alias("written"))
        .join(answers.select("profile_id", "any", "any_since", pl.col(channel).alias("one"),
                             pl.col(f"{channel}_since").alias("one_since"), "personal"), on="profile_id", how="left")
    )
    if namespace:
        own = single.filter(pl.col("namespace") == namespace).select(
            "profile_id", "address",
            pl.col("of").struct.field("marketing").struct.field(channel).struct.field("val").alias("single"),
            pl.col("of").struct.field("marketing").struct.field(channel).struct.field("time").fill_null(pl.col("metadata")).alias("single_since"),
            pl.col("of").struct.field("personalize").struct.field("content").struct.field("val").alias("single_personal"),
        )
        rows = rows.join(own, on=["profile_id", "address"], how="left")
    else:
        rows = rows.with_columns(pl.lit(None, pl.String).alias("single"), pl.lit(None, pl.Datetime("us", "UTC")).alias("single_since"),
                                 pl.lit(None, pl.String).alias("single_personal"))
    every, one, own = pl.col("any"), pl.col("one"), pl.col("single")
    fallback = pl.when(one.is_null() & own.is_null()).then(every)

    def reads(test):
        return (test(one) | test(own) | test(fallback)).fill_null(False)

    opt_in = channel == "sms"
    checks = [
        ~pl.col("valid").fill_null(True),
        pl.col("address").is_null(),
        (every == "n").fill_null(False) | ((every == "dn").fill_null(False) & ~yes(one) & ~yes(own)),
        no(one),
        no(own),
        invalid(every) | invalid(one) | invalid(own),
        (expired(one, pl.col("one_since")) | expired(own, pl.col("single_since")) | expired(fallback, pl.col("any_since")))
        if channel == "email" else pl.lit(False),
        reads(lambda e: (e == "p").fill_null(False)) if opt_in else pl.lit(False),
        reads(lambda e: (e == "u").fill_null(False)) if opt_in else pl.lit(False),
        reads(lambda e: e.is_in(["CT", "CP", "VI", "PI"]).fill_null(False)) if opt_in else pl.lit(False),
        (one.is_null() & own.is_null() & every.is_null()) if opt_in else pl.lit(False),
        pl.col("address").is_not_null() & (pl.col("row") > pl.col("row").min().over("address", "campaign_id")),
    ]
    return rows.with_columns(
        pl.sum_horizontal([c.cast(pl.UInt16) * (1 << i) for i, c in enumerate(checks)]).alias("mask"),
        (yes(pl.col("personal")) & ~no(pl.col("single_personal"))).alias("personalized"),
    )


def reasons(mask):
    return [r for i, r in enumerate(REASONS) if mask & 1 << i]


summary = []
for number, (name, channel, address, *_) in enumerate(LISTS):
    rows = judged(number).collect(engine="streaming")
    masks = rows["mask"].unique().to_list()
    meaning = pl.DataFrame({
        "mask": pl.Series(masks, dtype=rows["mask"].dtype),
        "decision": ["kept" if m == 0 else "quarantined" if m & 1 else "dropped" for m in masks],
        "reason": pl.Series([reasons(m)[0] if m else None for m in masks], dtype=pl.String),
        "reasons": pl.Series([reasons(m) for m in masks], dtype=pl.List(pl.String)),
    })
    columns = ["profile_id", address, "first_name", "last_city", "campaign_id", "send_at"]
    kept = rows.filter(pl.col("mask") == 0)
    if channel == "email":
        kept = kept.with_columns(
            pl.when("personalized").then("first_name").otherwise(pl.lit("there")).alias("first_name"),
            pl.when("personalized").then("last_city").alias("last_city"))
        columns.append("personalized")
    kept.select(columns).write_parquet(f"{out}/{name}.audience.parquet", compression="zstd")
    refused = rows.filter(pl.col("mask") != 0).join(meaning, on="mask")
    deciding = pl.when(pl.col("mask") & 3 != 0).then(None).when(pl.col("mask") & 4 != 0).then(0).when(pl.col("mask") & 8 != 0).then(1)
    deciding = deciding.when(pl.col("mask") & 16 != 0).then(2).when(pl.col("one").is_not_null()).then(1).otherwise(0)
    refused.with_columns(deciding.alias("decider")).select(
        pl.lit("peer").alias("run_id"), pl.lit(name).alias("list"), pl.lit(channel).alias("channel"), "row", "profile_id",
        "decision", "reason", "reasons", pl.lit("consents/").alias("source"),
        pl.col("decider").replace_strict({0: "marketing.any.val", 1: f"marketing.{channel}.val", 2: "idSpecific"}, default=None).alias("field"),
        pl.when(pl.col("decider") == 0).then("any").when(pl.col("decider") == 1).then("one").otherwise("single").alias("value"),
        pl.when(pl.col("decider") == 0).then("any_since").when(pl.col("decider") == 1).then("one_since").otherwise("single_since").alias("effective_at"),
    ).write_parquet(f"{out}/{name}.ledger.parquet", compression="zstd")
    refused.filter(pl.col("mask") & 1 == 1).select(*columns[:6], "reason").write_parquet(f"{out}/{name}.quarantine.parquet", compression="zstd")
    summary.append(rows.join(meaning, on="mask").group_by("decision", "reason").len("rows")
                   .select(pl.lit(name).alias("list"), "decision", "reason", pl.col("rows").cast(pl.Int64)))
pl.concat(summary).write_parquet(f"{out}/summary.parquet", compression="zstd")
