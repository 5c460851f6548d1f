package h5

/*
#include <hdf5.h>
*/
import "C"

import "fmt"

// Version returns the version of the HDF5 library in use: "1.10.8".
func Version() (string, error) {
	var major, minor, release C.uint
	err := do(func() error { return checkCall(C.H5get_libversion(&major, &minor, &release)) })
	if err != nil {
		return "", fmt.Errorf("h5: version: %w", err)
	}
	return fmt.Sprintf("%d.%d.%d", major, minor, release), nil
}
