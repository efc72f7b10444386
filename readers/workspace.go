package readers

import (
	"bufio"
	"io"
)

// workspace is what a part decodes pages with. The next part of the input
// takes it over: the buffers of a part of a wide table are megabytes, and its
// decoders are dear to make. What a page leaves in it shows in no other, since
// every page fills what it uses of it.
type workspace struct {
	codec codec
	pages []pageBuffers // of each column
}

// pageBuffers are reused from page to page.
type pageBuffers struct {
	r     *bufio.Reader
	body  []byte
	plain []byte
	rep   []byte
	def   []byte
}

// reset lets the buffers read a chunk.
func (b *pageBuffers) reset(chunk io.Reader, size int64) {
	if want := int(min(size+1, readBuffer)); b.r == nil || b.r.Size() < want {
		b.r = bufio.NewReaderSize(chunk, want)
		return
	}
	b.r.Reset(chunk)
}

// workspace returns one for so many columns that no other part has.
func (p *parquetFiles) workspace(columns int) *workspace {
	w, ok := p.spare.Get().(*workspace)
	if !ok {
		w = &workspace{}
	}
	w.pages = append(w.pages, make([]pageBuffers, max(0, columns-len(w.pages)))...)
	return w
}
