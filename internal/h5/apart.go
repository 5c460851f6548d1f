package h5

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
)

// childArgument is the only argument of a process that is to be a child.
const childArgument = "read-hdf5-for-parent"

// apart is whether OpenFile reads files in a child process. It is package state like the
// library itself, of which there is one in a process, and is set before anything else.
var apart bool

// ReadApart makes OpenFile read every file in a process of its own. Where the library
// crashes, needs more memory than there is or never ends, as a damaged file can make it,
// that becomes an error. The child is this program again: ReadApart must be the first
// call of main, or TestMain, and does not return in the child.
func ReadApart() {
	serveIfChild()
	apart = true
}

// serveIfChild does not return in a process that is to be a child.
func serveIfChild() {
	if len(os.Args) == 2 && os.Args[1] == childArgument {
		serveParent(os.Stdin, os.Stdout)
	}
}

// CrashError says how the process that read a file came to its end.
type CrashError struct{ Path, Text string }

func (e *CrashError) Error() string { return fmt.Sprintf("h5: %s %s", e.Path, e.Text) }

// child is a process that reads one file.
type child struct {
	file    *File
	mu      sync.Mutex // one question at a time
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	said    beginning // on stderr
	ended   error     // why it answers no more
	waiting bool      // cmd was not yet waited for
}

// openApart opens a file in a child process.
func openApart(path string) (*File, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	f := &File{path: path, size: info.Size()}
	f.far, err = start(f)
	if err != nil {
		return nil, fmt.Errorf("h5: open %s: no process to read it: %w", path, err)
	}
	var p packed
	p.text(path)
	if err := f.far.ask(askOpen, p, func(*unpacked) {}); err != nil {
		f.far.close()
		return nil, err
	}
	return f, nil
}

// start starts a child for f.
func start(f *File) (*child, error) {
	program := "/proc/self/exe" // also where the file was replaced since
	if _, err := os.Stat(program); err != nil {
		if program, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	c := &child{file: f, cmd: exec.Command(program, childArgument)}
	c.cmd.Args[0] = os.Args[0]
	c.cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	c.cmd.Stderr = &c.said
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReaderSize(out, 1<<16)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	c.waiting = true
	return c, nil
}

// ask asks a question whose answer is no elements.
func (c *child) ask(kind byte, p packed, answer func(*unpacked)) error {
	return c.question(kind, p, func(n uint64) error {
		content, err := getContent(c.out, n)
		if err != nil {
			return err
		}
		u := &unpacked{rest: content}
		answer(u)
		return u.end()
	})
}

// question asks a question; answer reads the n bytes of its answer.
func (c *child) question(kind byte, p packed, answer func(n uint64) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != nil {
		return c.ended
	}
	err := putMessage(c.in, kind, p)
	if err != nil {
		return c.end(err)
	}
	kind, n, err := getHead(c.out)
	switch {
	case err != nil:
	case kind == wentWell:
		err = answer(n)
	case kind == wentWrong:
		var content []byte
		if content, err = getContent(c.out, n); err == nil {
			if err = (&unpacked{rest: content}).fault(c.file.path); !errors.Is(err, errWire) {
				return err
			}
		}
	default:
		err = errWire
	}
	if err != nil {
		return c.end(err)
	}
	return nil
}

// end ends a child that does not answer as it should, and returns what is to be said.
func (c *child) end(err error) error {
	if errors.Is(err, errWire) {
		c.cmd.Process.Kill()
	}
	c.in.Close()
	exit := c.cmd.Wait()
	c.waiting = false
	text := "is damaged: the HDF5 library crashed reading it"
	if state, ok := errors.AsType[*exec.ExitError](exit); ok {
		status, _ := state.Sys().(syscall.WaitStatus)
		switch {
		case state.ExitCode() == exitSlow:
			text = "is damaged: the HDF5 library did not come to an end reading it"
		case c.said.has("out of memory"), c.said.has("annot allocate memory"):
			text = "needs more memory to be read than there is"
		case status.Signaled() && status.Signal() == syscall.SIGKILL && !errors.Is(err, errWire):
			text = "could not be read: the process that read it was killed, perhaps for want of memory"
		}
	}
	c.ended = &CrashError{c.file.path, text}
	return c.ended
}

// close ends the child.
func (c *child) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = fmt.Errorf("h5: read %s: %w", c.file.path, errClosed)
	if c.waiting {
		c.waiting = false
		c.in.Close()
		c.cmd.Wait() // the file was only read: nothing is lost whatever came of it
	}
	return nil
}

func (c *child) names() (names []string, err error) {
	err = c.ask(askNames, nil, func(u *unpacked) { names = u.texts() })
	return names, err
}

// attrs returns the attributes of d, or of the root group.
func (c *child) attrs(d *Dataset) (attrs []Attr, err error) {
	var p packed
	k := 0
	if d != nil {
		k = d.far
	}
	p.number(uint64(k))
	err = c.ask(askAttrs, p, func(u *unpacked) { attrs = u.attrs() })
	return attrs, err
}

// dataset opens d, of which the name is known.
func (c *child) dataset(d *Dataset) (*Dataset, error) {
	var p packed
	p.text(d.name)
	err := c.ask(askDataset, p, func(u *unpacked) {
		d.far, d.integer = int(u.number()), u.number() == 1
		var dims []uint
		for n := u.number(); n > 0 && !u.short; n-- {
			dims = append(dims, uint(u.number()))
		}
		// The child has checked them, before the library could harm it.
		u.short = u.short || len(dims) == 0 || checkExtents(dims, uint64(c.file.size), true) != ""
		for _, n := range dims {
			d.shape = append(d.shape, int(n))
		}
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// read reads row i of d, or all of it if i is -1, to dst.
func (c *child) read(dst []byte, d *Dataset, i int) error {
	var p packed
	p.number(uint64(d.far))
	p.number(uint64(i + 1))
	return c.question(askRead, p, func(n uint64) error {
		if n != uint64(len(dst)) {
			return errWire
		}
		_, err := io.ReadFull(c.out, dst)
		return err
	})
}

// beginning keeps the first bytes that are written to it.
type beginning struct{ text []byte }

func (b *beginning) Write(p []byte) (int, error) {
	const most = 1 << 12
	b.text = append(b.text, p[:min(len(p), most-len(b.text))]...)
	return len(p), nil
}

func (b *beginning) has(s string) bool { return strings.Contains(string(b.text), s) }
