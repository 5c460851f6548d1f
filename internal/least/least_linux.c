#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

// What Go's runtime and the libraries reserve before main, in bytes, rounded up: below
// about 820 MB the runtime ends with a dump before any of the program's own code.
#define LEAST 900000000ULL

// Runs before Go's runtime, which is the only place from which this can be said.
__attribute__((constructor)) static void least_memory(void)
{
	struct rlimit limit;
	char text[200];
	int n;

	if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= LEAST)
		return;
	n = snprintf(text, sizeof text,
		"kolmo: out of memory: %llu MB are allowed (ulimit -v) and the program alone needs %llu; raise the limit\n",
		(unsigned long long)limit.rlim_cur / 1000000, LEAST / 1000000);
	if (n > 0 && write(STDERR_FILENO, text, n) < 0)
		_exit(1);
	_exit(1);
}
