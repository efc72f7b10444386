package generate

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Paths of text below a snapshot.
const (
	SuppressionsPath = "suppressions.csv"
	EventsPath       = "events.ndjson"
	EventsCSVPath    = "events.csv"
)

// Shares of text, each one line in so many.
const (
	known  = 100 // entries of the suppression list that are of people of the snapshot
	optIns = 5   // events
)

// texts is the work of writing the suppression list and the event log.
func texts(dir string, p population, o Options) (work []func(context.Context) error) {
	add := func(path, header string, lines uint64, line func(dst []byte, number uint64) []byte) {
		if lines == 0 {
			return
		}
		work = append(work, func(ctx context.Context) error {
			path := filepath.Join(dir, path)
			if err := writeText(ctx, path, header, lines, line); err != nil {
				return fmt.Errorf("write %s: %w", path, err)
			}
			return nil
		})
	}
	add(SuppressionsPath, "TYPE,VALUE\n", o.Hashes, p.appendEntry)
	add(EventsPath, "", o.Events, func(dst []byte, number uint64) []byte { return p.event(number).appendJSON(dst) })
	add(EventsCSVPath, "ts,profile_id,address,channel,scope,choice,list\n", o.Events,
		func(dst []byte, number uint64) []byte { return p.event(number).appendCSV(dst) })
	return work
}

func writeText(ctx context.Context, path, header string, lines uint64, line func(dst []byte, number uint64) []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	if _, err := w.WriteString(header); err != nil {
		return err
	}
	var text []byte
	for number := range lines {
		if number%blockRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		text = line(text[:0], number)
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// appendEntry appends a line of the suppression list: the SHA-256 of an address
// of whoever a line of a partner's list is about, mostly strangers. Half of them
// are email addresses, so that every channel's recipients are looked for.
func (p population) appendEntry(dst []byte, number uint64) []byte {
	random := mix(p.seed + number*golden)
	person := p.size + number
	if below(random, known) == 0 {
		person = below(mix(random), p.size)
	}
	var buffer [128]byte
	address := buffer[:0]
	switch mix(random+1) % 4 {
	case 0:
		dst, address = append(dst, "PHONE,"...), p.appendPhone(address, person)
	case 1:
		dst, address = append(dst, "DEVICE,"...), p.appendToken(address, person)
	default:
		dst, address = append(dst, "EMAIL,"...), p.appendEmail(address, person)
	}
	sum := sha256.Sum256(address)
	return append(hex.AppendEncode(dst, sum[:]), '\n')
}

// An event is a line of the event log.
type event struct {
	at                                                     time.Time
	profile, address, channel, scope, choice, subscription string
}

// event is somebody's opt-out, or opt-in, in the week before the lists are sent.
func (p population) event(number uint64) event {
	random := mix(p.seed ^ mix(number+golden))
	person := below(random, p.size)
	e := event{
		at:      time.Unix(sendAt-int64(below(mix(random+1), 7*24*3600)), 0).UTC(),
		profile: string(p.appendKey(nil, person)),
		choice:  "n",
	}
	if below(mix(random+2), optIns) == 0 {
		e.choice = "y"
	}
	switch mix(random+3) % 4 {
	case 0:
		e.channel, e.address = "sms", string(p.appendPhone(nil, person))
	case 1:
		e.channel, e.address = "push", string(p.appendToken(nil, person))
	default:
		e.channel, e.address = "email", string(p.appendEmail(nil, person))
	}
	switch mix(random+4) % 8 {
	case 0:
		e.scope = "all"
	case 1, 2:
		e.scope = "identity"
	case 3:
		e.scope, e.subscription = "subscription", "newsletter"
	default:
		e.scope = "channel"
	}
	return e
}

func (e event) appendJSON(dst []byte) []byte {
	dst = e.at.AppendFormat(append(dst, `{"ts":"`...), time.RFC3339)
	for _, field := range []struct{ name, value string }{
		{"profile_id", e.profile},
		{"address", e.address},
		{"channel", e.channel},
		{"scope", e.scope},
		{"choice", e.choice},
		{"list", e.subscription},
	} {
		if field.value == "" {
			continue
		}
		dst = append(append(append(dst, `","`...), field.name...), `":"`...)
		dst = append(dst, field.value...)
	}
	return append(dst, "\"}\n"...)
}

func (e event) appendCSV(dst []byte) []byte {
	dst = e.at.AppendFormat(dst, time.RFC3339)
	for _, value := range []string{e.profile, e.address, e.channel, e.scope, e.choice, e.subscription} {
		dst = append(append(dst, ','), value...)
	}
	return append(dst, '\n')
}
