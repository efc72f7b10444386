package readers_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/readers"
)

// textBench is a file of text and the columns that a run reads of it.
type textBench struct {
	file   string
	header string
	record func(i int) string
	bind   func(testing.TB, *readers.Input) []readers.Leaf
}

// textBenches are an event log in both formats and a list of hashes.
var textBenches = map[string]textBench{
	"events.ndjson": {file: "events.ndjson", record: eventObject, bind: bindEvents},
	"events.csv":    {file: "events.csv", header: "ts,profile_id,address,channel,scope,choice,list\n", record: eventLine, bind: bindEvents},
	"hashes.csv": {file: "hashes.csv", header: "TYPE,VALUE\n", record: hashLine, bind: func(t testing.TB, in *readers.Input) []readers.Leaf {
		return []readers.Leaf{leaf(t, in, readers.Key, "VALUE"), leaf(t, in, readers.Text, "TYPE")}
	}},
}

// event is what record i of an event log says.
func event(i int) (at, profile, address, channel, scope, choice, list string) {
	hash := uint64(i+1) * 0x9E3779B97F4A7C15
	at = fmt.Sprintf("2026-10-%02dT%02d:%02d:%02dZ", 1+hash%31, hash>>8%24, hash>>16%60, hash>>24%60)
	profile = fmt.Sprintf("%08x-%04x-4000-8000-%012x", hash>>32, hash&0xFFFF, i)
	address = fmt.Sprintf("person.%x@mail.example", hash>>36)
	scope = []string{"all", "channel", "identity", "subscription"}[hash>>20%4]
	if scope == "subscription" {
		list = "newsletter"
	}
	return at, profile, address, []string{"email", "sms", "push"}[hash>>40%3], scope, []string{"n", "n", "n", "y"}[hash>>30%4], list
}

func eventObject(i int) string {
	at, profile, address, channel, scope, choice, list := event(i)
	if list != "" {
		list = `,"list":"` + list + `"`
	}
	return fmt.Sprintf(`{"ts":"%s","profile_id":"%s","address":"%s","channel":"%s","scope":"%s","choice":"%s"%s}`+"\n", at, profile, address, channel, scope, choice, list)
}

func eventLine(i int) string {
	at, profile, address, channel, scope, choice, list := event(i)
	return at + "," + profile + "," + address + "," + channel + "," + scope + "," + choice + "," + list + "\n"
}

func hashLine(i int) string {
	return fmt.Sprintf("EMAIL,%x\n", sha256.Sum256(fmt.Append(nil, i)))
}

func bindEvents(t testing.TB, in *readers.Input) (leaves []readers.Leaf) {
	for _, column := range []struct {
		role readers.Role
		name string
	}{
		{readers.Time, "ts"},
		{readers.Key, "profile_id"},
		{readers.Key, "address"},
		{readers.Text, "channel"},
		{readers.Text, "scope"},
		{readers.Choice, "choice"},
		{readers.Text, "list"},
	} {
		leaves = append(leaves, leaf(t, in, column.role, column.name))
	}
	return leaves
}

func (b *textBench) write(t testing.TB, rows int) (path string, size int64) {
	t.Helper()
	path = filepath.Join(t.TempDir(), b.file)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	w.WriteString(b.header)
	for i := range rows {
		w.WriteString(b.record(i))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return path, info.Size()
}

const benchRows = 400_000

// BenchmarkOpenText reads text for the first time: all of it is checked, and cut
// into parts.
func BenchmarkOpenText(b *testing.B) {
	for name, bench := range textBenches {
		b.Run(fmt.Sprintf("%s/rows=%d", name, benchRows), func(b *testing.B) {
			path, size := bench.write(b, benchRows)
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				in, err := readers.Open(context.Background(), []string{path}, readers.Options{}, memory.NewGoAllocator())
				if err != nil || in.NumRows() != benchRows {
					b.Fatalf("got %v, %v, want %d rows", in, err, benchRows)
				}
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkReadText reads the columns that a run asks for.
func BenchmarkReadText(b *testing.B) {
	for name, bench := range textBenches {
		b.Run(fmt.Sprintf("%s/rows=%d", name, benchRows), func(b *testing.B) {
			path, size := bench.write(b, benchRows)
			in := open(b, memory.NewGoAllocator(), path)
			table := in.Table(bench.bind(b, in)...)
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				rows := int64(0)
				if err := eachRecord(table, func(r arrow.Record) { rows += r.NumRows() }); err != nil || rows != benchRows {
					b.Fatalf("got %d rows, %v, want %d", rows, err, benchRows)
				}
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
