package nc

import (
	"encoding/binary"
	"os"
)

// extents are the places in a file where the numbers of rows of its datasets stand.
// Readers see as many steps as these numbers say. Setting one is a single write of
// eight bytes, which a kill cannot cut.
type extents struct {
	file *os.File
	at   []int64 // t last
}

// openExtents finds the extents of the file that b, flushed, has at path.
func openExtents(b *body, path string) (*extents, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	e := &extents{file: file}
	for _, d := range b.steppedSets() {
		at, err := d.ExtentOffset(file)
		if err != nil {
			file.Close()
			return nil, err
		}
		e.at = append(e.at, at)
	}
	return e, nil
}

// set makes the file have the given number of steps, t being the last to tell.
func (e *extents) set(steps int) error {
	word := binary.LittleEndian.AppendUint64(nil, uint64(steps))
	for _, at := range e.at {
		if _, err := e.file.WriteAt(word, at); err != nil {
			return err
		}
	}
	return nil
}

// close closes the descriptor; e may be nil.
func (e *extents) close() {
	if e != nil {
		e.file.Close() // nothing is buffered
	}
}
