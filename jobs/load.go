package jobs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxJobFile bounds the size of a job file.
const maxJobFile = 1 << 20

// Load reads and checks a job file. All that is wrong with it comes back at
// once, as Mistakes; a *UsageError means that it cannot be read.
func Load(path string) (*Job, error) {
	text, err := readJobFile(path)
	if err != nil {
		return nil, &UsageError{err}
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	return parse(path, dir, text)
}

func readJobFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open job file: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxJobFile+1))
	if err != nil {
		return nil, fmt.Errorf("read job file: %w", err)
	}
	if len(text) > maxJobFile {
		return nil, fmt.Errorf("read job file: %s is larger than %d bytes; is it a job file?", path, maxJobFile)
	}
	return text, nil
}

func parse(path, dir string, text []byte) (*Job, error) {
	d := decoder{mistakes: mistakes{file: path, lines: strings.Split(string(text), "\n"), at: map[string]position{}}}
	job := &Job{text: text, path: path, dir: dir, positions: d.at}
	var root yaml.Node
	if err := yaml.Load(text, &root, yaml.WithUniqueKeys(false)); err != nil {
		d.syntax(err)
		return nil, d.err()
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 {
		d.add("", "the file is empty; run optout init for a sample")
		return nil, d.err()
	}
	d.decode(root.Content[0], reflect.ValueOf(job).Elem(), "")
	check(job, &d.mistakes)
	if err := d.err(); err != nil {
		return nil, err
	}
	return job, nil
}

// syntax notes what the YAML library could not read.
func (d *decoder) syntax(err error) {
	var one *yaml.LoadError
	if errors.As(err, &one) {
		d.addAt(position{one.Mark.Line, one.Mark.Column}, "", "not YAML: "+one.Message)
		return
	}
	d.addAt(position{}, "", "not YAML: "+err.Error())
}
