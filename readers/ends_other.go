//go:build !amd64

package readers

// find finds the ends and the line feeds among them in a text of whole blocks, and says
// what else it has. Text has as many blocks as ends and feeds have words.
func (s signs) find(ends, feeds places, text []byte) seen { return s.findAny(ends, feeds, text) }
