package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// folder is where a job stands.
type folder string

func (f folder) write(name string, content []byte) error {
	path := filepath.Join(string(f), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// encode makes a Parquet file of rows.
func encode[T any](rows []T, options ...parquet.WriterOption) ([]byte, error) {
	var b bytes.Buffer
	// The library would write its version, and with it other bytes from build
	// to build.
	options = append([]parquet.WriterOption{
		parquet.CreatedBy("optout demo", "1", "0"), parquet.Compression(&parquet.Zstd),
	}, options...)
	w := parquet.NewGenericWriter[T](&b, options...)
	if _, err := w.Write(rows); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// parquetFile writes rows to one file.
func parquetFile[T any](f folder, name string, rows []T, options ...parquet.WriterOption) error {
	content, err := encode(rows, options...)
	if err != nil {
		return err
	}
	return f.write(name, content)
}

// parts writes rows to two files in a directory, as an export of a cluster
// leaves them: with a marker, checksums, a list of the parts and a part that
// was never finished, none of which is data.
func parts[T any](f folder, dir string, rows []T, options ...parquet.WriterOption) error {
	half := len(rows) * 5 / 8
	names := []string{"part-00000.parquet", "part-00001.parquet"}
	var unfinished []byte
	for i, of := range [][]T{rows[:half], rows[half:]} {
		content, err := encode(of, options...)
		if err != nil {
			return err
		}
		if err := f.write(dir+"/"+names[i], content); err != nil {
			return err
		}
		if err := f.write(dir+"/."+names[i]+".crc", checksums(content)); err != nil {
			return err
		}
		unfinished = content[:600]
	}
	list, err := json.MarshalIndent(map[string]any{"files": names, "rows": len(rows)}, "", "  ")
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"manifest.json": append(list, '\n'), ".part-00002.parquet": unfinished, "_SUCCESS": nil,
	} {
		if err := f.write(dir+"/"+name, content); err != nil {
			return err
		}
	}
	return nil
}

// checksums is what Hadoop writes beside a file: "crc", a zero, the size of a
// chunk, and the CRC-32 of every chunk.
func checksums(content []byte) []byte {
	const chunk = 512
	sums := binary.BigEndian.AppendUint32([]byte("crc\x00"), chunk)
	for len(content) > 0 {
		n := min(chunk, len(content))
		sums = binary.BigEndian.AppendUint32(sums, crc32.ChecksumIEEE(content[:n]))
		content = content[n:]
	}
	return sums
}
