package h5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// errByteOrder is returned on machines whose memory cannot be handed to HDF5 as
// it is: gonum.org/v1/hdf5 gives a buffer the type of the dataset.
var errByteOrder = errors.New("h5: big-endian machines are not supported")

// A job is a function to run on the library's thread. Its outcome is sent to
// done, which must have room for one value.
type job struct {
	run  func() error
	done chan<- outcome
}

// An outcome is a job's error, or the value it panicked with.
type outcome struct {
	err      error
	panicked any
}

// jobs starts the library's goroutine at its first call and returns the channel
// it listens on. The goroutine is package state because the C library is: there
// is one per process, it belongs to a thread, and it ends with the process.
var jobs = sync.OnceValue(func() chan<- job {
	c := make(chan job)
	go serve(c)
	return c
})

// serve runs jobs one after the other on one operating system thread, for ever.
func serve(c <-chan job) {
	runtime.LockOSThread()
	captureErrors()
	unsafeLibrary := refuseOtherFiles()
	for j := range c {
		if unsafeLibrary != nil {
			j.done <- outcome{err: fmt.Errorf("h5: the library keeps following external links: %w", unsafeLibrary)}
			continue
		}
		j.done <- runJob(j.run)
	}
}

// runJob calls run and catches a panic, which belongs to the caller's goroutine.
func runJob(run func() error) (out outcome) {
	defer func() {
		if p := recover(); p != nil {
			out.panicked = p
		}
	}()
	return outcome{err: run()}
}

// do runs f on the library's thread and returns what f returns. A panic of f is
// raised again in the caller. f must not call do: that would wait for itself.
func do(f func() error) error {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		return errByteOrder
	}
	done := make(chan outcome, 1)
	jobs() <- job{run: f, done: done}
	out := <-done
	if out.panicked != nil {
		panic(out.panicked)
	}
	return out.err
}
