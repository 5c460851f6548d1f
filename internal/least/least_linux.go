package least

// The constructor in least_linux.c needs no call: an import of this package is enough.

import "C"
