package envelope

import "strconv"

// A step of a path is a key, or an array index.
type step struct {
	key   string
	index int
}

// maxPath is how many steps of a path are kept.
const maxPath = 32

// enter notes the next step of the path, and reports whether it was kept.
func (r *reader) enter(s step) bool {
	if len(r.path) == maxPath {
		return false
	}
	r.path = append(r.path, s)
	return true
}

// leave takes the last step of the path back, if it was kept.
func (r *reader) leave(kept bool) {
	if kept {
		r.path = r.path[:len(r.path)-1]
	}
}

const pathSeparator = "\x00"

// at returns the path of what is being read. Paths in sorted order are in the order of keys and of array indexes.
func (r *reader) at() string {
	var room [128]byte
	b := room[:0]
	for _, s := range r.path {
		if s.key == "" {
			b = appendIndex(b, s.index)
		}
		b = append(append(b, s.key...), pathSeparator...)
	}
	return string(b)
}

// appendIndex appends an index with as many digits as any has.
func appendIndex(b []byte, index int) []byte {
	const most = 10_000_000
	return strconv.AppendInt(b, int64(most+index), 10)
}
