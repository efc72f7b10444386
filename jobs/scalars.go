package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"optout/pipeline/consent"
)

// Values of a job file that are one text with a meaning. Each reads itself with
// parse, and says with choices or pattern what it accepts.

// word is a text out of a few.
type word interface{ words() []string }

// A Match says what the key of a snapshot is.
type Match string

func (Match) words() []string { return []string{"profile", "email", "phone"} }

// A Layout is how a snapshot has its consents.
type Layout string

func (Layout) words() []string { return []string{"xdm", "columns"} }

// A Category is what kind of messages a list plans.
type Category string

func (Category) words() []string { return []string{"marketing", "transactional"} }

// Duplicates says which of several records of one profile stands.
type Duplicates string

func (Duplicates) words() []string { return []string{"most_restrictive", "latest"} }

// A Ledger says which rows a ledger has.
type Ledger string

func (Ledger) words() []string { return []string{"not_kept", "all"} }

// A Compression is the codec of the files of a run.
type Compression string

func (Compression) words() []string { return []string{"zstd", "snappy", "none"} }

// InputDigests says whether a manifest has the digests of inputs.
type InputDigests string

func (InputDigests) words() []string { return []string{"sha256", "none"} }

// A Mode is what silence means.
type Mode string

func (Mode) words() []string { return []string{"opt_in", "opt_out"} }

func (m Mode) mode() consent.Mode {
	if m == "opt_out" {
		return consent.OptOut
	}
	return consent.OptIn
}

// A PersonalizationGate says when content may be personal.
type PersonalizationGate string

func (PersonalizationGate) words() []string { return []string{"opt_in", "opt_out"} }

func (g PersonalizationGate) gate() consent.Gate {
	if g == "opt_out" {
		return consent.GateOptOut
	}
	return consent.GateOptIn
}

// A Choice is a choice value of the consent schema.
type Choice consent.Choice

func (c *Choice) parse(text string) error {
	choice, _ := consent.ParseChoice(text)
	if choice == consent.Absent || choice == consent.Invalid {
		return fmt.Errorf("%q is no choice value; use one of y n dy dn p u LI CT CP VI PI", text)
	}
	*c = Choice(choice)
	return nil
}

func (Choice) pattern() string {
	return "^([yY]|[nN]|[dD][yYnN]|[pPuU]|[lL][iI]|[cC][tTpP]|[vVpP][iI])$"
}

// Text is a text, a number or a boolean, as it is written.
type Text string

func (t *Text) parse(text string) error { *t = Text(text); return nil }
func (Text) pattern() string            { return "" }

// A Duration is a span of time: Go's units, and d for days of 24 hours.
type Duration time.Duration

func (d *Duration) parse(text string) error {
	number, days := strings.CutSuffix(text, "d")
	if days {
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || n <= 0 || n > 36500 || math.IsNaN(n) {
			return fmt.Errorf("%q is no duration; write days as in 31d, from a fraction of one to 36500d", text)
		}
		*d = Duration(n * float64(24*time.Hour))
		return nil
	}
	span, err := time.ParseDuration(text)
	if err != nil || span <= 0 {
		return fmt.Errorf("%q is no duration; write it as in 26h, 90m or 31d", text)
	}
	*d = Duration(span)
	return nil
}

func (Duration) pattern() string {
	return `^[0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h|d)([0-9]+(ns|us|ms|s|m|h))*$`
}

// A Percent is a share, written as in 1.5%.
type Percent float64

func (p *Percent) parse(text string) error {
	number, ok := strings.CutSuffix(text, "%")
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(n >= 0 && n <= 100) {
		return fmt.Errorf("%q is no share; write it as in 1.5%%, from 0%% to 100%%", text)
	}
	*p = Percent(n / 100)
	return nil
}

func (Percent) pattern() string { return `^[0-9]+(\.[0-9]+)? *%$` }

// A FileMode is a set of permissions, in octal.
type FileMode fs.FileMode

func (m *FileMode) parse(text string) error {
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "0o"), 8, 32)
	if err != nil || n > 0o777 || n&0o400 == 0 {
		return fmt.Errorf("%q is no mode that lets its owner read; write it as in \"0640\"", text)
	}
	*m = FileMode(n)
	return nil
}

func (FileMode) pattern() string { return "^(0o)?[0-7]{3,4}$" }

// AsOf says how the age of a snapshot is known.
type AsOf struct {
	kind asOfKind
	name string    // of the column or the metadata key
	at   time.Time // where it is stated
}

type asOfKind uint8

const (
	asOfUnknown asOfKind = iota
	asOfPath
	asOfColumn
	asOfMetadata
	asOfStated
)

func (a *AsOf) parse(text string) error {
	kind, name, named := strings.Cut(text, ":")
	switch {
	case text == "path":
		*a = AsOf{kind: asOfPath}
	case named && kind == "column" && name != "":
		*a = AsOf{kind: asOfColumn, name: name}
	case named && kind == "metadata" && name != "":
		*a = AsOf{kind: asOfMetadata, name: name}
	default:
		at, err := parseTime(text)
		if err != nil {
			return fmt.Errorf("%q is none of path, column:NAME, metadata:KEY and a timestamp", text)
		}
		*a = AsOf{kind: asOfStated, at: at}
	}
	return nil
}

func (AsOf) pattern() string { return `^(path|column:.+|metadata:.+|[0-9]{4}-[0-9]{2}-[0-9]{2}.*)$` }

// timeLayouts are what parseTime reads; a time without a zone is UTC. Where a
// day has no time its beginning counts: older rather than younger (ours).
var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly,
}

var errNoTime = errors.New("not a timestamp")

func parseTime(text string) (time.Time, error) {
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, errNoTime
}

// nameShape is what names of jobs and lists look like.
var nameShape = regexp.MustCompile(`^[a-z0-9-]+$`)
