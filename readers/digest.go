package readers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
)

// Digests returns the SHA-256 of every file, in hex. It reads the files whole,
// several at a time.
func (in *Input) Digests(ctx context.Context, threads int) ([]string, error) {
	return in.digests(ctx, threads, func(f *os.File, size int64) io.Reader {
		return io.NewSectionReader(f, 0, size)
	})
}

// FooterDigests returns the SHA-256 of every file's last megabyte, which has
// the footer with its offsets and statistics: enough to tell one snapshot from
// the next where whole digests are switched off, not to prove anything. Text has
// nothing at its end that would change with its beginning: its digest is that of
// all of it, as it was when it was opened, by a hash that costs nothing beside the reading.
func (in *Input) FooterDigests(ctx context.Context, threads int) ([]string, error) {
	if text, ok := in.content.(textFormat); ok {
		sums := make([]string, len(in.files))
		for i, f := range text.text() {
			sums[i] = hex.EncodeToString(f.sums.Sum(nil))
		}
		return sums, nil
	}
	const tail = 1 << 20
	return in.digests(ctx, threads, func(f *os.File, size int64) io.Reader {
		return io.NewSectionReader(f, max(0, size-tail), tail)
	})
}

func (in *Input) digests(ctx context.Context, threads int, part func(*os.File, int64) io.Reader) ([]string, error) {
	sums := make([]string, len(in.files))
	errs := make([]error, len(in.files))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(max(threads, 1), len(in.files)) {
		wg.Go(func() {
			buffer := make([]byte, 1<<20)
			for {
				i := int(next.Add(1) - 1)
				if i >= len(in.files) {
					return
				}
				sums[i], errs[i] = in.files[i].digest(ctx, buffer, part)
			}
		})
	}
	wg.Wait()
	return sums, errors.Join(errs...)
}

func (f *diskFile) digest(ctx context.Context, buffer []byte, part func(*os.File, int64) io.Reader) (_ string, err error) {
	defer recoverDamage(f.path, &err)
	osFile, err := f.reopen()
	if err != nil {
		return "", err
	}
	defer osFile.Close()
	hash, r := sha256.New(), part(osFile, f.info.Size())
	for ctx.Err() == nil {
		n, err := r.Read(buffer)
		hash.Write(buffer[:n])
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(hash.Sum(nil)), f.unchanged(osFile)
		}
		if err != nil {
			return "", &FileError{f.path, unwrapPath(err)}
		}
	}
	return "", ctx.Err()
}
