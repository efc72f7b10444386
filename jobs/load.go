package jobs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxJobFile bounds the size of a job file.
const maxJobFile = 1 << 20

// Load reads and checks a job file. All that is wrong with it comes back at
// once, as Mistakes; a *UsageError means that it cannot be read.
func Load(path string) (*Job, error) {
	text, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, text)
}

// ReadFile returns the text of a job file, which is not checked yet.
func ReadFile(path string) ([]byte, error) {
	text, err := readJobFile(path)
	if err != nil {
		return nil, &UsageError{err}
	}
	return text, nil
}

// Parse is Load for a job file whose text is known.
func Parse(path string, text []byte) (*Job, error) {
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
	d := decoder{mistakes: newMistakes(path, text)}
	job := &Job{text: text, path: path, dir: dir, positions: d.at}
	if root := d.document(text); root != nil {
		d.decode(root, reflect.ValueOf(job).Elem(), "")
		if d.nodes <= maxNodes && !d.full() {
			check(job, &d.mistakes)
		}
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return job, nil
}

// document reads the one document of the file. It returns nil and notes what is
// wrong where there is none that a job could be in.
func (d *decoder) document(text []byte) *yaml.Node {
	if at := invalidUTF8(text); at >= 0 {
		before := splitLines(text[:at])
		last := before[len(before)-1]
		d.addAt(position{len(before), utf8.RuneCountInString(last) + 1}, "", "not YAML: the file is not UTF-8")
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithUniqueKeys(false))
	var first, second yaml.Node
	if err == nil {
		err = loader.Load(&first)
	}
	switch {
	case errors.Is(err, io.EOF):
		d.addAt(position{}, "", "the file is empty; run optout init for a sample")
		return nil
	case err != nil:
		d.syntax(err)
		return nil
	}
	switch err := loader.Load(&second); {
	case err == nil:
		d.addAt(position{second.Line, second.Column}, "", "a second document begins here: a job file holds one")
		return nil
	case !errors.Is(err, io.EOF):
		d.syntax(err)
		return nil
	}
	root := resolve(first.Content[0])
	if root.Kind != yaml.MappingNode {
		d.wrong(root, "", "keys with values")
		return nil
	}
	return root
}

// invalidUTF8 returns where text stops being UTF-8, or -1.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// syntax notes what the YAML library could not read.
func (d *decoder) syntax(err error) {
	var one *yaml.LoadError
	if !errors.As(err, &one) {
		d.addAt(position{}, "", "not YAML: "+err.Error())
		return
	}
	at, what := position{one.Mark.Line, one.Mark.Column}, one.Message
	if line := d.line(at.line); strings.HasPrefix(strings.TrimLeft(line, " "), "\t") {
		what = "a tab cannot indent; use blanks"
	}
	d.addAt(at, "", "not YAML: "+what)
}
