package envelope

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// Place returns where the code stands: its key behind the keys and indexes around it, such as details[0].code. It is empty if
// the code stands in a text without a key.
func (f Finding) Place() string {
	place := []byte{}
	for path := f.path; path != ""; {
		place, path = appendStep(place, path)
	}
	if f.key != "" {
		place = append(append(place, keyMark), f.key...)
	}
	return strings.ToValidUTF8(strings.TrimPrefix(string(place), string(keyMark)), "\ufffd")
}

// appendStep appends the first step of a path, for people. It returns the path behind the step.
func appendStep(place []byte, path string) (longer []byte, rest string) {
	const end = len("[") + 4
	if path[0] == indexMark && len(path) >= end {
		index := binary.BigEndian.Uint32([]byte(path[1:end]))
		return append(strconv.AppendUint(append(place, indexMark), uint64(index), 10), ']'), path[end:]
	}
	key, rest, _ := strings.Cut(path, "\x00")
	return append(place, key...), rest
}

// Same reports whether two findings are the same code at the same place.
func (f Finding) Same(g Finding) bool { return f.compare(g) == 0 }
