package h5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"syscall"
)

// What a process and its child say to one another, over pipes: messages of one byte,
// which says what is asked or how it went, the number of bytes that follow, and these.

// What is asked for. A request begins with the number of the dataset, from 1, where 0 is
// the root group; a row is its number from 1, where 0 means all elements.
const (
	askOpen    = 'o' // path -> nothing
	askNames   = 'n' // -> number, names
	askAttrs   = 'a' // object -> number, attributes
	askDataset = 'd' // name -> whether integer, rank, extents
	askRead    = 'r' // object, row -> elements
)

// How it went.
const (
	wentWell  = 'y'
	wentWrong = 'x' // -> an Error
)

// headBytes is the length of what precedes a message's content; mostText is the longest
// content but elements.
const (
	headBytes = 9
	mostText  = 64 << 20
)

var errWire = errors.New("h5: the child process answered what was not asked")

// putHead writes the head of a message of n bytes.
func putHead(w io.Writer, kind byte, n int) error {
	_, err := w.Write(binary.LittleEndian.AppendUint64([]byte{kind}, uint64(n)))
	return err
}

// putMessage writes a message.
func putMessage(w io.Writer, kind byte, content []byte) error {
	if err := putHead(w, kind, len(content)); err != nil {
		return err
	}
	_, err := w.Write(content)
	return err
}

// getHead reads the head of a message.
func getHead(r io.Reader) (kind byte, n uint64, err error) {
	var head [headBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, 0, err
	}
	return head[0], binary.LittleEndian.Uint64(head[1:]), nil
}

// getContent reads n bytes, which must not be more than mostText.
func getContent(r io.Reader, n uint64) ([]byte, error) {
	if n > mostText {
		return nil, errWire
	}
	content := make([]byte, n)
	_, err := io.ReadFull(r, content)
	return content, err
}

// packed is the content of a message in the making.
type packed []byte

func (p *packed) number(n uint64) { *p = binary.LittleEndian.AppendUint64(*p, n) }

func (p *packed) text(s string) {
	p.number(uint64(len(s)))
	*p = append(*p, s...)
}

func (p *packed) texts(list []string) {
	p.number(uint64(len(list)))
	for _, s := range list {
		p.text(s)
	}
}

func (p *packed) attrs(list []Attr) {
	p.number(uint64(len(list)))
	for _, a := range list {
		p.text(a.Name)
		switch v := a.Value.(type) {
		case string:
			p.number('s')
			p.text(v)
		case float64:
			p.number('f')
			p.number(math.Float64bits(v))
		case int64:
			p.number('i')
			p.number(uint64(v))
		}
	}
}

func (p *packed) fault(err error) {
	e := &Error{Text: err.Error()}
	errors.As(err, &e)
	p.text(e.Op)
	p.text(e.Object)
	p.text(e.Text)
	p.number(uint64(e.Errno))
}

// unpacked is what is left of the content of a message. What is not there reads as
// zero, and makes end fail.
type unpacked struct {
	rest  []byte
	short bool
}

func (u *unpacked) bytes(n uint64) []byte {
	if n > uint64(len(u.rest)) {
		u.rest, u.short = nil, true
		return nil
	}
	b := u.rest[:n]
	u.rest = u.rest[n:]
	return b
}

func (u *unpacked) number() uint64 {
	if b := u.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (u *unpacked) text() string { return string(u.bytes(u.number())) }

func (u *unpacked) texts() []string {
	var list []string
	for n := u.number(); n > 0 && !u.short; n-- {
		list = append(list, u.text())
	}
	return list
}

func (u *unpacked) attrs() []Attr {
	var list []Attr
	for n := u.number(); n > 0 && !u.short; n-- {
		a := Attr{Name: u.text()}
		switch u.number() {
		case 's':
			a.Value = u.text()
		case 'f':
			a.Value = math.Float64frombits(u.number())
		case 'i':
			a.Value = int64(u.number())
		default:
			u.short = true
		}
		list = append(list, a)
	}
	return list
}

func (u *unpacked) fault(path string) error {
	e := &Error{Path: path, Op: u.text(), Object: u.text(), Text: u.text(), Errno: syscall.Errno(u.number())}
	if err := u.end(); err != nil {
		return err
	}
	return e
}

// end returns an error unless the content was what it was read as.
func (u *unpacked) end() error {
	if u.short || len(u.rest) > 0 {
		return fmt.Errorf("%w: a message of another length", errWire)
	}
	return nil
}
