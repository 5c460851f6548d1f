package outfolder

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

var errBusy = errors.New("another run is writing")

// lockFolder locks a folder, which is no link, for this process; shown names what it is
// for.
func lockFolder(dir, shown string) (*os.File, error) {
	lock, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	locked := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	// The folder may have been finished and renamed by another run meanwhile.
	held, err := lock.Stat()
	if err == nil {
		var named os.FileInfo
		if named, err = os.Lstat(dir); locked && err == nil && os.SameFile(held, named) {
			return lock, nil
		}
	}
	if locked {
		unlock(lock)
	} else {
		lock.Close()
	}
	return nil, fmt.Errorf("%w to %s; wait for it, or choose another folder with --out", errBusy, shown)
}

// unlock gives up a lock of lockFolder. Closing alone would not: a program being started
// has a copy of the descriptor until it is executed.
func unlock(lock *os.File) {
	_ = syscall.Flock(int(lock.Fd()), syscall.LOCK_UN) // closing is what remains if that fails
	lock.Close()
}
