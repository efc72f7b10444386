package writers

import (
	"fmt"
	"strings"
	"time"

	"optout/pipeline/consent"
)

// sampleReport is a report such as a real run makes: four lists, a channel and
// a category of each kind, an input too old that was let through, values that
// are no answers, reasons that hide others.
func sampleReport() *Report {
	start := time.Date(2026, 11, 25, 1, 30, 4, 0, time.UTC)
	s := &Summary{RunID: "7f3a9c1e52d0", Job: "nightly-marketing", Date: "2026-11-25"}
	s.Lists = []ListSummary{
		sampleList("black-friday", "email", "marketing", 4_218_930, map[string][2]int64{
			"erased": {212, 212}, "suppressed_address": {38_114, 38_114}, "suppressed_domain": {1_207, 1_344},
			"malformed_address": {5_310, 5_310}, "no_address": {18_442, 18_590}, "opt_out_all": {214_006, 236_114},
			"opt_out_channel": {391_285, 452_001}, "opt_out_identity": {7_410, 22_870}, "opt_out_subscription": {29_118, 88_102},
			"opt_out_shared": {12_007, 20_311}, "consent_invalid": {1_902, 2_450}, "consent_expired": {64_733, 71_940},
			"consent_missing": {301_554, 325_118}, "no_profile": {4_120, 30_233}, "duplicate": {9_871, 11_006},
		}),
		sampleList("flash-sale", "sms", "marketing", 912_004, map[string][2]int64{
			"no_identity": {1_020, 1_020}, "malformed_address": {15_230, 15_230}, "no_address": {47, 47},
			"opt_out_channel": {120_330, 131_002}, "registry": {33_871, 40_018}, "consent_pending": {18_220, 19_004},
			"consent_unknown": {6_341, 6_500}, "consent_basis": {2_004, 2_010}, "consent_missing": {420_118, 431_560}, "purpose_denied": {3, 90_455},
		}),
		sampleList("app-news", "push", "marketing", 60_000, map[string][2]int64{
			"invalid_token": {1, 1}, "opt_out_channel": {2, 2},
		}),
		sampleList("order-receipts", "email", "transactional", 1_204_882, map[string][2]int64{
			"erased": {31, 31}, "malformed_address": {88, 88},
		}),
	}
	generic, newer := int64(1_044_318), int64(30_871)
	s.Lists[0].Generic = &generic
	exempted := int64(1)
	s.Lists[1].Exempted = &exempted
	s.Lists[3].Bypass = &Bypass{Rows: 301_224, Reasons: []BypassCount{
		{"opt_out_all", 60_118}, {"opt_out_channel", 188_410}, {"consent_missing", 90_007},
	}}
	s.Total = total(s.Lists)

	m := &Manifest{
		Version: 1, RunID: s.RunID, Job: s.Job, JobDigest: digest('a'),
		Program: Program{Name: "optout", Version: "0.4.0", Go: "go1.26"}, Date: s.Date, Timezone: "Europe/Paris",
		AsOf: time.Date(2026, 11, 25, 22, 59, 59, 999999000, time.UTC), StartedAt: start, AddressHash: "hmac-sha256", AddressHashKey: "c01dcafe", InputDigests: "sha256",
		Inputs: []Input{
			{
				Name: "profiles", Kind: "profiles", Path: "profiles/date=2026-11-25/", Files: files(16), Bytes: 18_400_221_337, Rows: 61_203_448,
				AsOf: ago(start, 90*time.Minute), Age: seconds(90 * time.Minute), MaxAge: seconds(26 * time.Hour),
			},
			{
				Name: "consents", Kind: "consents", Path: "consents/date=2026-11-23/", Files: files(32), Bytes: 7_110_450_002, Rows: 58_019_771,
				Missing: []string{"consents.marketing.email.reason", "consents.idSpecific"},
				AsOf:    ago(start, 50*time.Hour), Age: seconds(50 * time.Hour), MaxAge: seconds(26 * time.Hour),
				Answers: &Answers{Values: 174_059_313, OptOuts: 9_410_662, Normalised: 4_118, Invalid: 20_555, ByInvalid: []ValueCount{
					{"true", 18_004}, {" ", 2_310}, {"(looks like an address)", 41}, {"ja\u200b", 12},
				}},
			},
			{
				Name: "us-dnc", Kind: "registry", Path: "lists/dnc.csv", Files: files(1), Bytes: 3_110_448, Rows: 240_118,
				AsOf: ago(start, 24*24*time.Hour), Age: seconds(24 * 24 * time.Hour), MaxAge: seconds(31 * 24 * time.Hour),
				Entries: &Entries{Valid: 240_118, Hits: 1_204},
			},
			{Name: "us-dnc-exemptions", Kind: "exemption", Path: "lists/ebr.csv", Files: files(1), Bytes: 9_118, Rows: 604, Entries: &Entries{Valid: 604, Hits: 98}},
			{
				Name: "bounces", Kind: "suppression", Path: "lists/suppression.csv", Files: []InputFile{{Path: "lists/suppression.csv", Bytes: 912}}, Bytes: 912, Rows: 31,
				Entries: &Entries{Valid: 6, Ignored: 2, Empty: 1, Malformed: 22, Hits: 4, Places: []string{"line 17 of lists/suppression.csv", "line 19 of lists/suppression.csv"}},
			},
			{
				Name: "unsubscribes", Kind: "events", Path: "events/*.ndjson", Files: files(2), Bytes: 904_118, Rows: 40_003,
				Events: &Events{
					OptOuts: 31_204, OptIns: 8_797, Timeless: 12, Newer: &newer, Late: 3, Idle: 1_450, Bad: 2, Places: []string{"line 17 of events/a.ndjson"},
					Rows: 9_118, Oldest: ago(start, 60*time.Hour), Age: seconds(60 * time.Hour),
					Ceilings: []Ceiling{
						{Channels: []string{"email"}, Within: "2d", Because: "mailbox <providers>", Oldest: ago(start, 60*time.Hour), Due: ago(start, 12*time.Hour), Late: true},
						{Within: "10 business days", Because: "CAN-SPAM", Oldest: ago(start, 60*time.Hour), Due: ago(start, -200*time.Hour)},
						{Channels: []string{"sms", "call"}, Within: "1 business day"},
					},
				},
			},
		},
		Gates: []Gate{
			{Name: "max_age", Subject: "profiles", Reading: "1h 30m old (as of 2026-11-25T00:00:04Z)", Limit: "1d 2h", Passed: true},
			{Name: "max_age", Subject: "consents", Reading: "2d 2h old (as of 2026-11-22T23:30:04Z)", Limit: "1d 2h", Accepted: true},
			{Name: "max_shrink", Subject: "consents", Reading: "0 of 57,788,616 rows fewer than on 2026-11-24 (0%)", Limit: "20%", Passed: true},
			{Name: "max_invalid", Subject: "consents", Reading: "20,555 of 174,059,313 answers are no choice value (0.01%)", Limit: "1%", Passed: true},
			{Name: "require_opt_outs", Subject: "consents", Reading: "9,410,662 opt-outs", Limit: "at least 1", Passed: true},
		},
		Accepted: []string{"max_age:consents"},
	}
	for _, l := range s.Lists {
		m.Inputs = append(m.Inputs, Input{
			Name: l.Name, Kind: "send_list", Path: "lists/" + l.Name + ".parquet",
			Files: files(1), Bytes: l.Planned * 31, Rows: l.Planned,
		})
		m.Outputs = append(m.Outputs, written("audiences", l.Name, l.Kept),
			written("ledger", l.Name, l.Dropped+l.Quarantined), written("quarantine", l.Name, l.Quarantined))
		m.Gates = append(m.Gates, Gate{Name: "max_quarantined", Subject: l.Name, Reading: fmt.Sprintf("%s of %s rows quarantined (%s)", Thousands(l.Quarantined), Thousands(l.Planned), share(l.Quarantined, l.Planned)), Limit: "5%", Passed: true})
	}
	m.Outputs = append(m.Outputs, Output{Path: "summary.json", Bytes: 4_118, SHA256: digest('s')})
	return &Report{Manifest: m, Summary: s, Rules: sampleRules()}
}

func sampleRules() []ListRules {
	there := "there"
	email := Terms{Mode: "opt_out", ValidFor: 730 * 24 * time.Hour, Gate: "opt_in"}
	germany := Terms{Mode: "opt_in", Default: "dn", ValidFor: 365 * 24 * time.Hour, Gate: "opt_in"}
	by := []string{"normalised address", "channel"}
	at := time.Date(2026, 11, 25, 22, 59, 59, 0, time.UTC)
	return []ListRules{
		{
			List: "black-friday", Channel: "email", Category: "marketing", Field: "marketing.email.val", Terms: email,
			Jurisdictions: []Jurisdiction{{Countries: []string{"DE", "AT"}, Terms: germany}, {Countries: []string{"US"}, Terms: email}},
			Subscription:  "newsletter", SendColumn: "send_at", DropDuplicates: true, DuplicatesBy: append(by, "column campaign_id"),
			RequireProfile: true, SharedAddress: true,
			Screening: []ScreeningRule{{Kind: "suppression", Name: "bounces"}},
			Personal:  []PersonalColumn{{Name: "first_name", Fallback: &there}, {Name: "last_city"}},
		},
		{
			List: "flash-sale", Channel: "sms", Category: "marketing", Field: "marketing.sms.val",
			Terms:    Terms{Mode: "opt_in", Default: "n", AcceptBasis: []string{"LI", "CT"}},
			Requires: []string{"share"}, SendAt: at, DropDuplicates: true, DuplicatesBy: by, RequireProfile: true, SharedAddress: true,
			Screening: []ScreeningRule{{Kind: "registry", Name: "us-dnc"}, {Kind: "exemption", Name: "us-dnc-exemptions"}},
		},
		{List: "app-news", Channel: "push", Category: "marketing", Field: "marketing.push.val", Terms: Terms{Mode: "opt_in"}, SendAt: at, Devices: "app com.example.shop on apns, fcm"},
		{
			List: "order-receipts", Channel: "email", Category: "transactional", Field: "marketing.email.val", Terms: email, SendAt: at,
			DropDuplicates: true, DuplicatesBy: by, RequireProfile: true, SharedAddress: true, ReachComplaints: true,
			Screening: []ScreeningRule{{Kind: "suppression", Name: "bounces"}, {Kind: "suppression", Name: "newsletter-list", Bypassed: true}},
		},
	}
}

// sampleList is a list of planned rows of which those with a reason are
// refused: by name, the rows it is primary for and those it is listed with.
func sampleList(name, channel, category string, planned int64, refused map[string][2]int64) ListSummary {
	l := ListSummary{Name: name, Channel: channel, Category: category, Counts: Counts{Planned: planned, Kept: planned}}
	for r := range consent.NumReasons {
		rows, struck := refused[r.String()]
		if !struck {
			continue
		}
		if r.Decision() == consent.Quarantined {
			l.Quarantined += rows[0]
		} else {
			l.Dropped += rows[0]
		}
		l.Kept -= rows[0]
		l.Reasons = append(l.Reasons, ReasonCount{Decision: r.Decision().String(), Reason: r.String(), Rows: rows[0], Listed: rows[1]})
	}
	return l
}

func total(lists []ListSummary) (c Counts) {
	for _, l := range lists {
		c.Planned += l.Planned
		c.Kept += l.Kept
		c.Dropped += l.Dropped
		c.Quarantined += l.Quarantined
	}
	return c
}

func written(dir, list string, rows int64) Output {
	return Output{Path: dir + "/" + list + "/part-00000.parquet", Bytes: rows*17 + 811, Rows: &rows, SHA256: digest(dir[0])}
}

func digest(c byte) string { return strings.Repeat(fmt.Sprintf("%02x5e", c), 16) }

func files(n int) (all []InputFile) {
	for i := range n {
		all = append(all, InputFile{Path: fmt.Sprintf("part-%05d.parquet", i), SHA256: digest('f')})
	}
	return all
}

func ago(t time.Time, d time.Duration) *time.Time { t = t.Add(-d); return &t }

func seconds(d time.Duration) *float64 { s := d.Seconds(); return &s }
