//go:build !amd64

package readers

// find finds the ends in a text of whole blocks, and says what else it has. Text has as
// many blocks as ends has words.
func (s signs) find(e ends, text []byte) seen { return s.findAny(e, text) }
