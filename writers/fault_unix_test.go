//go:build unix

package writers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// TestModes: what a run publishes has the modes of the job, whatever stood there
// before; the umask of the process can only take away from them.
func TestModes(t *testing.T) {
	for _, tt := range []struct {
		umask     int
		modes     Modes
		file, dir fs.FileMode
	}{
		{0o022, Modes{0o600, 0o700}, 0o600, 0o700},
		{0, Modes{0o600, 0o700}, 0o600, 0o700},
		{0o077, Modes{0o600, 0o700}, 0o600, 0o700},
		{0o027, Modes{0o640, 0o750}, 0o640, 0o750},
		{0o077, Modes{0o640, 0o750}, 0o600, 0o700},
		{0, Modes{0o644, 0o755}, 0o644, 0o755},
	} {
		dir := filepath.Join(t.TempDir(), "out", "job")
		err := withUmask(tt.umask, func() error {
			if err := publishWithFile(dir, "first", Modes{0o644, tt.modes.Dir}); err != nil {
				return err
			}
			return publishWithFile(dir, "second", tt.modes)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{
			filepath.Dir(dir), dir, filepath.Join(dir, "date=2026-11-24"), filepath.Join(dir, "date=2026-11-24", "run=second"),
			filepath.Join(dir, "date=2026-11-24", "run=second", "audiences"),
		} {
			checkMode(t, path, tt.umask, fs.ModeDir|tt.dir)
		}
		for _, name := range []string{"_SUCCESS", "manifest.json", "audiences/part.parquet"} {
			checkMode(t, filepath.Join(dir, "date=2026-11-24", "run=second", name), tt.umask, tt.file)
		}
		checkMode(t, filepath.Join(dir, latestName), tt.umask, tt.file)
	}
}

// withUmask runs do under an umask. No other test of the package runs meanwhile:
// none is parallel.
func withUmask(mask int, do func() error) error {
	old := syscall.Umask(mask)
	defer syscall.Umask(old)
	return do()
}

func checkMode(t *testing.T, path string, umask int, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode(); got != want {
		t.Errorf("umask %03o: %s is %s, want %s", umask, filepath.Base(path), got, want)
	}
}

// publishWithFile publishes a run with a Parquet file and a manifest.
func publishWithFile(job, id string, modes Modes) (err error) {
	s, err := NewStage(job, "2026-11-24", id, StageOptions{Modes: modes})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	path, err := s.Path("audiences/part.parquet")
	if err != nil {
		return err
	}
	f, err := CreateParquet(path, noiseSchema(), FileOptions{Compression: "none", Mode: modes.File})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	record := noise(10)
	defer record.Release()
	g := f.Group()
	if err := errors.Join(g.Write(record, nil), g.Commit(), g.Close()); err != nil {
		return err
	}
	if _, err := f.Commit(); err != nil {
		return err
	}
	if err := s.WriteFile("manifest.json", []byte("{}")); err != nil {
		return err
	}
	return s.Publish([]byte("{}"))
}

func noiseSchema() *parquet.Schema {
	return schema("noise", leaf("text", parquet.String(), &parquet.Plain))
}

// noise is a record that does not become smaller.
func noise(rows int) arrow.Record {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	state := uint32(1)
	for range rows {
		var text []byte
		for range 1000 {
			state = state*1664525 + 1013904223
			text = append(text, 'a'+byte(state>>24)%26)
		}
		b.Append(string(text))
	}
	a := b.NewArray()
	defer a.Release()
	return array.NewRecord(arrow.NewSchema([]arrow.Field{{Name: "text", Type: a.DataType()}}, nil), []arrow.Array{a}, int64(rows))
}

const fullDisk = "OPTOUT_TEST_FULL_DISK"

// TestFullDisk runs each write path in a process of its own whose files cannot
// grow beyond a limit, which is what a full disk looks like. The error must come
// out, and nothing may be left.
func TestFullDisk(t *testing.T) {
	if scenario := os.Getenv(fullDisk); scenario != "" {
		fillDisk(scenario)
		return
	}
	for name := range diskScenarios {
		dir := t.TempDir()
		if err := publishWithFile(dir, "old", testModes); err != nil {
			t.Fatal(err)
		}
		before := tree(t, dir)
		cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
		cmd.Env = append(os.Environ(), fullDisk+"="+name, "DIR="+dir)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "scenario over") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if got := tree(t, dir); !slices.Equal(got, before) {
			t.Errorf("%s: left %.200q, want %.200q", name, got, before)
		}
	}
}

// diskLimit is how large a file can be in the scenarios, in bytes.
const diskLimit = 64 << 10

var diskScenarios = map[string]func(dir string) error{
	"a large file of a run": func(dir string) error {
		s, err := NewStage(dir, "2026-11-25", "new", StageOptions{Modes: testModes})
		if err != nil {
			return err
		}
		return errors.Join(s.WriteFile("report.html", make([]byte, 2*diskLimit)), s.Close())
	},
	"latest.json": func(dir string) error {
		return WriteLatest(dir, filepath.Join(dir, "run"), make([]byte, 2*diskLimit), 0o600)
	},
	"latest.json of a run that is published": func(dir string) error {
		s, err := NewStage(dir, "2026-11-25", "new", StageOptions{Modes: testModes})
		if err != nil {
			return err
		}
		err = s.Publish(make([]byte, 2*diskLimit))
		// The run stands; take it away, so that nothing else may be left.
		return errors.Join(err, s.Close(), os.RemoveAll(filepath.Join(dir, "date=2026-11-25")))
	},
	"rows of a group": func(dir string) error {
		return fillParquet(dir, 4000, func(f *ParquetFile) error {
			_, err := f.Commit()
			return err
		})
	},
	"lines of CSV": func(dir string) error {
		return fillCSV(dir, 4000)
	},
	"the end of a file of CSV": func(dir string) error {
		return fillCSV(dir, 100)
	},
	"the end of a file": func(dir string) error {
		// All of it stands in the buffer until the file is committed.
		return fillParquet(dir, 100, func(f *ParquetFile) error {
			info, err := f.Commit()
			if info != (FileInfo{}) {
				err = errors.Join(err, fmt.Errorf("a file that could not be written has %+v", info))
				err = fmt.Errorf("scenario: %w", err)
			}
			return err
		})
	},
}

// fillParquet writes rows of a thousand bytes into a file of a stage.
func fillParquet(dir string, rows int, commit func(f *ParquetFile) error) (err error) {
	s, err := NewStage(dir, "2026-11-25", "new", StageOptions{Modes: testModes})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	path, err := s.Path("audiences/part.parquet")
	if err != nil {
		return err
	}
	f, err := CreateParquet(path, noiseSchema(), FileOptions{Compression: "none", Mode: 0o600})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	record := noise(rows)
	defer record.Release()
	g := f.Group()
	defer func() { err = errors.Join(err, g.Close()) }()
	if err := errors.Join(g.Write(record, nil), g.Commit()); err != nil {
		return err
	}
	return commit(f)
}

// fillCSV writes lines of a thousand bytes into a file of a stage.
func fillCSV(dir string, rows int) (err error) {
	s, err := NewStage(dir, "2026-11-25", "new", StageOptions{Modes: testModes})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	path, err := s.Path("audiences/list.csv")
	if err != nil {
		return err
	}
	f, err := CreateCSV(path, noiseSchema(), FileOptions{Mode: 0o600})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	record := noise(rows)
	defer record.Release()
	g := f.Group()
	defer func() { err = errors.Join(err, g.Close()) }()
	if err := errors.Join(g.Write(record, nil), g.Commit()); err != nil {
		return err
	}
	_, err = f.Commit()
	return err
}

// fillDisk is the process with the limit.
func fillDisk(scenario string) {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	limit.Cur = diskLimit
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if err := diskScenarios[scenario](os.Getenv("DIR")); !errors.Is(err, syscall.EFBIG) || strings.HasPrefix(err.Error(), "scenario: ") {
		fmt.Printf("got %v, want %v\n", err, syscall.EFBIG)
		os.Exit(1)
	}
	fmt.Println("scenario over")
}
