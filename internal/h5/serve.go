package h5

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// maxProcessor is the processor time that one request may take, maxFile what all requests
// about a file may, and readRate how many bytes they may read on top for each second;
// deflate makes ten times as many. A damaged file can make the library turn for ever.
const (
	maxProcessor = 10 * time.Second
	maxFile      = 30 * time.Second
	readRate     = 16 << 20
)

// exitSlow is the exit code of a child that took longer than it may.
const exitSlow = 3

// A request is a message to the child.
type request struct {
	kind    byte
	content []byte
}

// serveParent is the child process: it opens one file and answers requests about it until in
// ends, which happens when its parent has ended too, and then ends the process whatever
// the library is doing. Signals of the terminal are the parent's to handle.
func serveParent(in io.Reader, out io.Writer) {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	limitMemory()
	requests := make(chan request)
	go func() {
		for {
			kind, n, err := getHead(in)
			var content []byte
			if err == nil {
				content, err = getContent(in, n)
			}
			if err != nil {
				os.Exit(0)
			}
			requests <- request{kind, content}
		}
	}()
	var s server
	go func() {
		for range time.Tick(time.Second) {
			if at := s.until.Load(); at > 0 && processor() > time.Duration(at) {
				os.Exit(exitSlow)
			}
		}
	}()
	w := bufio.NewWriterSize(out, 1<<16)
	for r := range requests {
		s.allow(0)
		if s.answer(w, r) != nil || w.Flush() != nil {
			os.Exit(1)
		}
		s.until.Store(0)
	}
}

// processor returns the processor time of this process.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// server holds what the child has open.
type server struct {
	file   *File
	until  atomic.Int64 // the processor time that the present request may take; 0 without one
	bytes  int          // that requests were allowed to read
	floats []float64    // the last elements read
	whole  []int64
}

// allow gives the present request the time to read n bytes from now on.
func (s *server) allow(n int) {
	s.bytes += n
	s.until.Store(int64(deadline(processor(), n, s.bytes)))
}

// deadline returns the processor time until which a request for n bytes may go on at now,
// where all requests so far were for all bytes.
func deadline(now time.Duration, n, all int) time.Duration {
	reading := func(n int) time.Duration { return time.Duration(n/readRate) * time.Second }
	return min(now+maxProcessor+reading(n), maxFile+reading(all))
}

// answer answers a request; an error means that nobody listens.
func (s *server) answer(w io.Writer, r request) error {
	var p packed
	elements, err := s.do(&p, r.kind, &unpacked{rest: r.content})
	if err != nil {
		p = nil
		p.fault(err)
		return putMessage(w, wentWrong, p)
	}
	if elements != nil {
		return putMessage(w, wentWell, elements)
	}
	return putMessage(w, wentWell, p)
}

// do does what a request asks for. The outcome goes to p, or is elements.
func (s *server) do(p *packed, kind byte, u *unpacked) (elements []byte, err error) {
	if kind == askOpen {
		s.file, err = OpenOwn(u.text())
		return nil, err
	}
	if s.file == nil {
		return nil, errors.New("no file is open")
	}
	switch kind {
	case askNames:
		names, err := s.file.Names()
		p.texts(names)
		return nil, err
	case askDataset:
		d, err := s.file.Dataset(u.text())
		if err != nil {
			return nil, err
		}
		p.number(uint64(len(s.file.sets)))
		integer := uint64(0)
		if d.integer {
			integer = 1
		}
		p.number(integer)
		p.number(uint64(len(d.shape)))
		for _, n := range d.shape {
			p.number(uint64(n))
		}
		return nil, nil
	case askAttrs:
		var attrs []Attr
		if k := u.number(); k == 0 {
			attrs, err = s.file.Attrs()
		} else {
			attrs, err = s.file.sets[k-1].Attrs()
		}
		p.attrs(attrs)
		return nil, err
	case askRead:
		d, row := s.file.sets[u.number()-1], int(u.number())-1
		n := d.Len()
		if row >= 0 {
			n = d.RowLen()
		}
		if n > MaxRead/8 {
			return nil, d.tooLarge()
		}
		s.allow(8 * n)
		if d.integer {
			return readTo(d, &s.whole, n, row)
		}
		return readTo(d, &s.floats, n, row)
	}
	return nil, errWire
}

// readTo reads row, of n elements, or all n if it is -1, to buffer, which grows as needed, and
// returns its bytes.
func readTo[T Number](d *Dataset, buffer *[]T, n, row int) ([]byte, error) {
	if cap(*buffer) < n {
		*buffer = nil // two of them need not fit
		*buffer = make([]T, n)
	}
	dst := (*buffer)[:n]
	var err error
	if row >= 0 {
		err = ReadRow(d, dst, row)
	} else {
		err = Read(d, dst)
	}
	return bytesOf(dst), err
}
