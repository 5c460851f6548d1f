// Package least says in one sentence, before Go's runtime starts, that a limit of the
// address space (ulimit -v) is too low for it: the program ends with exit code 1. The
// runtime itself would end with a dump. It is for programs only, and acts on Linux.
package least
