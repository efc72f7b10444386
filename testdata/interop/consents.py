"""The consent snapshot that every writer stores: schema, rows, and what a reader must find.

The layout is the XDM one: identityMap beside a nested consents struct. The
same logical rows go to every writer, so one expected list serves all files.
"""

import datetime as dt

import pyarrow as pa

CHOICES = ["y", "n", "dy", "dn", "p", "u", "LI", "CT", "CP", "VI", "PI", None, "", "Y", "yes"]
ROWS = 32
UTC = dt.timezone.utc
STAMP = pa.timestamp("us", tz="UTC")
VAL = pa.struct([("val", pa.string())])
VTR = [("val", pa.string()), ("time", STAMP), ("reason", pa.string())]
SUBSCRIPTION = pa.struct([
    ("val", pa.string()),
    ("type", pa.string()),
    ("topics", pa.list_(pa.string())),
    ("subscribers", pa.map_(pa.string(), pa.struct([("time", STAMP), ("source", pa.string())]))),
])
PLAIN = pa.struct(VTR)
CHANNEL = pa.struct(VTR + [("subscriptions", pa.map_(pa.string(), SUBSCRIPTION))])
ADDRESS = pa.struct([
    ("collect", VAL),
    ("share", VAL),
    ("personalize", pa.struct([("content", VAL)])),
    ("adID", VAL),
    ("marketing", pa.struct([(name, PLAIN) for name in ("email", "push", "sms", "whatsApp")])),
])
MARKETING = pa.struct(
    [("preferred", pa.string()), ("any", PLAIN)]
    + [(name, CHANNEL) for name in ("email", "sms", "push", "whatsApp")]
    + [(name, PLAIN) for name in ("call", "fax", "commercialEmail", "postalMail")])
CONSENTS = pa.struct([
    ("collect", VAL),
    ("share", VAL),
    ("personalize", pa.struct([("content", VAL)])),
    ("marketing", MARKETING),
    ("idSpecific", pa.map_(pa.string(), pa.map_(pa.string(), ADDRESS))),
    ("metadata", pa.struct([("time", STAMP)])),
])
IDENTITY = pa.struct([("id", pa.string()), ("authenticatedState", pa.string()), ("primary", pa.bool_())])
SCHEMA = pa.schema([
    ("profile_id", pa.string()),
    ("identityMap", pa.map_(pa.string(), pa.list_(IDENTITY))),
    ("consents", CONSENTS),
])


def stamp(i, k=0):
    """A time with microseconds; every fifth is null, one lies before 1970."""
    if (i + k) % 5 == 4:
        return None
    if i == 20:
        return dt.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    return dt.datetime(2025, 1, 1, tzinfo=UTC) + dt.timedelta(hours=7 * i + k, microseconds=i * 1001 * (k % 2))


def choice(i, stride, start):
    """Strides prime to 15 make each field meet all fifteen values."""
    return CHOICES[(i * stride + start) % len(CHOICES)]


def answer(i, stride, start):
    return {"val": choice(i, stride, start), "time": stamp(i, start), "reason": f"form {i % 4}" if i % 3 else None}


def subscriptions(i):
    sub = {
        "val": choice(i, 2, 3),
        "type": "email",
        "topics": [["offers", "news"], [], None, ["offers", None]][i % 4],
        "subscribers": [{f"s{i}@example.org": {"time": stamp(i), "source": "web"}}, {}, None, {"x": None}][(i + 1) % 4],
    }
    return [{"newsletter": sub}, None, {}, {"newsletter": sub, "Black Friday": {**sub, "val": choice(i, 4, 1)}}][i % 4]


def address(i, k):
    return {
        "collect": {"val": choice(i, 1, k)},
        "share": None,
        "personalize": {"content": {"val": choice(i, 7, k)}},
        "adID": {"val": None},
        "marketing": {"email": answer(i, 2, k), "push": None, "sms": answer(i, 4, k), "whatsApp": None},
    }


def identity(i, name, primary):
    return {"id": name, "authenticatedState": ["authenticated", "ambiguous", None][i % 3], "primary": primary}


def row(i):
    mail, phone, spelled = f"user{i}@example.com", f"+1555010{i:04d}", ["email", "Email", "EMAIL"][i % 3]
    return {
        "profile_id": f"00000000-0000-4000-8000-{i:012d}",
        "identityMap": {
            spelled: [identity(i, mail, True), identity(i, f"alt{i}@example.org", False)],
            "Phone": [identity(i, phone, None)],
            "ECID": [identity(i, f"{i:038d}", i % 2 == 0)],
        },
        "consents": {
            "collect": {"val": choice(i, 1, 2)},
            "share": {"val": choice(i, 1, 9)},
            "personalize": {"content": {"val": choice(i, 2, 5)}},
            "marketing": {
                "preferred": ["email", None, "sms", "none"][i % 4],
                "any": answer(i, 1, 0),
                "email": {**answer(i, 2, 1), "subscriptions": subscriptions(i)},
                "sms": {**answer(i, 4, 3), "subscriptions": subscriptions(i + 1)},
                "push": {**answer(i, 7, 5), "subscriptions": None},
                "whatsApp": {**answer(i, 8, 2), "subscriptions": {}},
                "call": answer(i, 11, 4),
                "fax": None,
                "commercialEmail": answer(i, 13, 6),
                "postalMail": answer(i, 14, 7),
            },
            "idSpecific": {
                spelled: {mail: address(i, 1), f"alt{i}@example.org": address(i, 2)},
                "phone" if i % 2 else "Phone": {phone: address(i, 4)},
            },
            "metadata": {"time": stamp(i, 2)},
        },
    }


def rows():
    """All rows; the first ones are the corners: a null or empty value at every level."""
    out = [row(i) for i in range(ROWS)]
    out[0]["consents"] = None
    out[1]["identityMap"], out[1]["consents"]["marketing"] = None, None
    out[2]["identityMap"], out[2]["consents"]["idSpecific"] = {}, {}
    out[3]["consents"]["marketing"]["email"] = None
    out[4]["consents"]["marketing"]["email"] = {"val": None, "time": None, "reason": None, "subscriptions": None}
    out[5]["consents"]["personalize"] = None
    out[6]["consents"]["personalize"] = {"content": None}
    out[7]["consents"]["metadata"] = None
    out[8]["consents"]["metadata"] = {"time": None}
    out[9]["consents"]["idSpecific"] = None
    out[10]["consents"]["idSpecific"] = {"Email": {}, "Phone": None}
    out[11]["consents"]["idSpecific"] = {"Email": {"user11@example.com": None}}
    out[12]["identityMap"] = {"Email": [], "Phone": None, "ECID": [None, identity(0, None, None)]}
    out[13]["consents"]["marketing"]["email"]["subscriptions"] = {"newsletter": None}
    out[14]["consents"]["idSpecific"]["email"] = {"USER14@EXAMPLE.COM": address(1, 1)}
    out[14]["consents"]["idSpecific"]["EMAIL"] = {"user14@example.com": address(2, 1)}
    out[15]["profile_id"] = None
    out[16]["profile_id"] = ""
    out[17]["profile_id"] = out[18]["profile_id"]
    out[19]["consents"] = {name: None for name in out[20]["consents"]}
    out[21]["identityMap"]["Email"] = [identity(0, "+33612345678", None), identity(1, "zoé21@example.org", False)]
    out[22]["identityMap"]["Phone"] = [identity(0, "+33612345678", True)]
    return out


def rfc3339(when):
    return when and when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def dig(value, *path):
    for name in path:
        value = value and value.get(name)
    return value


def expected(record):
    """The facts of one row, flat; a null struct reads as null leaves, maps as sorted entries."""
    consents = record["consents"]
    out = {"profile_id": record["profile_id"]}
    for name in ("any", "email", "sms", "push", "postalMail"):
        found = dig(consents, "marketing", name)
        out[name] = {"val": dig(found, "val"), "time": rfc3339(dig(found, "time"))}
    out["personalize"] = dig(consents, "personalize", "content", "val")
    out["metadata_time"] = rfc3339(dig(consents, "metadata", "time"))
    out["idSpecific"] = [
        {"ns": ns, "id": key,
         "email": dig(entry, "marketing", "email", "val"),
         "email_time": rfc3339(dig(entry, "marketing", "email", "time")),
         "sms": dig(entry, "marketing", "sms", "val"),
         "personalize": dig(entry, "personalize", "content", "val")}
        for ns, ids in sorted((dig(consents, "idSpecific") or {}).items())
        for key, entry in sorted((ids or {}).items())]
    out["email_subscriptions"] = [
        {"list": name, "val": dig(entry, "val")}
        for name, entry in sorted((dig(consents, "marketing", "email", "subscriptions") or {}).items())]
    out["identityMap"] = [
        {"ns": ns, "id": dig(entry, "id")}
        for ns, ids in sorted((record["identityMap"] or {}).items()) for entry in ids or []]
    return out
