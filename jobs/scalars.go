package jobs

import (
	"errors"
	"fmt"
	"io/fs"
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

// A Hash is how the entries of a list are hashed.
type Hash string

func (Hash) words() []string { return []string{"none", "sha256", "md5", "hmac-sha256"} }

// HashOf is what was hashed.
type HashOf string

func (HashOf) words() []string { return []string{"normal_form", "digits"} }

// A Scope says which messages a suppression list binds.
type Scope string

func (Scope) words() []string { return []string{"all", "marketing"} }

// A Ledger says which rows a ledger has.
type Ledger string

func (Ledger) words() []string { return []string{"not_kept", "all"} }

// A Compression is the codec of the files of a run.
type Compression string

func (Compression) words() []string { return []string{"zstd", "snappy", "none"} }

// InputDigests says whether a manifest has the digests of inputs.
type InputDigests string

func (InputDigests) words() []string { return []string{"sha256", "none"} }

// CatchUp says which missed dates are made up for.
type CatchUp string

func (CatchUp) words() []string { return []string{"latest", "all", "none"} }

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

// A Delimiter is what stands between the fields of CSV: one character.
type Delimiter byte

var delimiterShape = regexp.MustCompile(Delimiter.pattern(0))

func (d *Delimiter) parse(text string) error {
	switch {
	case text == "tab":
		*d = '\t'
	case delimiterShape.MatchString(text):
		*d = Delimiter(text[0])
	default:
		return fmt.Errorf("%q is no delimiter; write one character that is no letter, digit, blank or quote, as in \";\", or tab", text)
	}
	return nil
}

func (Delimiter) pattern() string { return "^(tab|[\t!#-/:-@[-`{-~])$" }

// A Duration is a span of time of at least a second: days of 24 hours, or hours,
// minutes and seconds.
type Duration time.Duration

var durationShape = regexp.MustCompile(Duration.pattern(0))

func (d *Duration) parse(text string) error {
	if !durationShape.MatchString(text) {
		return fmt.Errorf("%q is no duration; write it as in 26h, 90m or 31d", text)
	}
	var span time.Duration
	if number, days := strings.CutSuffix(text, "d"); days {
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || n > 36500 {
			return fmt.Errorf("%q is too long; 36500d is the most", text)
		}
		span = time.Duration(n * float64(24*time.Hour))
	} else {
		var err error
		if span, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("%q is too long; 36500d is the most", text)
		}
	}
	// Microseconds are what rules count in, and 0 of them is no limit at all.
	if span < time.Second {
		return fmt.Errorf("%q is shorter than a second", text)
	}
	*d = Duration(span)
	return nil
}

func (Duration) pattern() string { return `^([0-9]+(\.[0-9]+)?d|([0-9]+(\.[0-9]+)?[hms])+)$` }

// A Percent is a share, written as in 1.5%.
type Percent float64

var percentShape = regexp.MustCompile(Percent.pattern(0))

func (p *Percent) parse(text string) error {
	number := strings.TrimSpace(strings.TrimSuffix(text, "%"))
	// The exponent, not a division: 1.1% of 1000 is 11, not a hair less.
	n, err := strconv.ParseFloat(number+"e-2", 64)
	if err != nil || !percentShape.MatchString(text) || n > 1 {
		return fmt.Errorf("%q is no share; write it as in 1.5%%, from 0%% to 100%%", text)
	}
	*p = Percent(n)
	return nil
}

func (Percent) pattern() string { return `^[0-9]+(\.[0-9]+)? *%$` }

// A Count is a small number of things.
type Count int

const maxCount = 100_000

func (c *Count) parse(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxCount {
		return fmt.Errorf("%q is no number from 0 to %d", text, maxCount)
	}
	*c = Count(n)
	return nil
}

func (Count) most() int { return maxCount }

// A FileMode is the permissions of files, in octal.
type FileMode fs.FileMode

func (m *FileMode) parse(text string) error {
	mode, ok := parseMode(text)
	if !ok || mode&0o400 == 0 {
		return fmt.Errorf("%q is no mode that lets its owner read; write it as in \"0640\"", text)
	}
	*m = FileMode(mode)
	return nil
}

func (FileMode) pattern() string { return modePattern }

// A DirMode is the permissions of directories, in octal.
type DirMode fs.FileMode

func (m *DirMode) parse(text string) error {
	mode, ok := parseMode(text)
	if !ok || mode&0o700 != 0o700 {
		return fmt.Errorf("%q is no mode that lets its owner read, write and enter; write it as in \"0750\"", text)
	}
	*m = DirMode(mode)
	return nil
}

func (DirMode) pattern() string { return modePattern }

const modePattern = "^(0o?)?[0-7]{3}$"

var modeShape = regexp.MustCompile(modePattern)

func parseMode(text string) (mode fs.FileMode, ok bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "0o"), 8, 32)
	return fs.FileMode(n), err == nil && modeShape.MatchString(text)
}

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
