package h5

/*
#include <hdf5.h>

// The file descriptor behind an open file, -1 if there is none.
static int descriptor(hid_t file)
{
	hid_t list = H5Fget_access_plist(file);
	if (list < 0)
		return -1;
	hid_t driver = H5Pget_driver(list);
	H5Pclose(list);
	void *handle = NULL;
	if (driver != H5FD_SEC2 || H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || handle == NULL)
		return -1;
	return *(int *)handle;
}

// Whether closing the identifier file closes the file: nothing else in it is open,
// nor was it opened once more.
static int is_last(hid_t file)
{
	return H5Fget_obj_count(file, H5F_OBJ_ALL) == 1;
}
*/
import "C"

import (
	"syscall"

	"gonum.org/v1/hdf5"
)

// openPrivately opens a file by open, of which programs that are started while it is
// open get nothing. The library's descriptors are inherited: such a program would keep
// the file, and its lock, for as long as it runs. No program is started between opening
// and marking.
func openPrivately(open func() (*hdf5.File, error)) (*hdf5.File, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	f, err := open()
	if err != nil {
		return nil, err
	}
	if fd := descriptor(f); fd >= 0 {
		syscall.CloseOnExec(fd)
	}
	return f, nil
}

// descriptor returns the file descriptor of an open file, -1 if it has none.
func descriptor(f *hdf5.File) int { return int(C.descriptor(C.hid_t(f.ID()))) }

// closeUnlocked closes a file and gives up its lock, which closing alone does not: a
// program that is being started holds a copy of the descriptor until it is executed. A
// file that is open once more in this process, or cannot be closed, stays locked.
func closeUnlocked(f *hdf5.File) error {
	twin := -1
	if C.is_last(C.hid_t(f.ID())) != 0 {
		twin = duplicate(descriptor(f))
	}
	err := f.Close()
	if twin >= 0 {
		if err == nil {
			_ = syscall.Flock(twin, syscall.LOCK_UN) // closing is what remains if that fails
		}
		syscall.Close(twin)
	}
	return err
}

// duplicate returns a descriptor of the same open file, lock included, which programs
// that are started do not get; -1 if there is none.
func duplicate(fd int) int {
	if fd < 0 {
		return -1
	}
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	twin, err := syscall.Dup(fd)
	if err != nil {
		return -1
	}
	syscall.CloseOnExec(twin)
	return twin
}
