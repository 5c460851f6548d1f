#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

// What Go's runtime reserves before main, two tables of 537 MB and 0.2 GB beside, with the
// libraries and the stacks of threads, in bytes, rounded up: with less the runtime ends with a
// dump, often or always, before any of the program's own code or as it starts a thread.
#define LEAST 1500000000ULL

// Runs before Go's runtime, which is the only place from which this can be said.
__attribute__((constructor)) static void least_memory(void)
{
	struct rlimit limit;
	char text[200];
	int n;

	if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return;
#ifdef M_ARENA_MAX
	// Each new thread would reserve 64 to 128 MB for a heap of its own, which the runtime
	// then misses: its own heap begins at a random place of its first 64 MB.
	mallopt(M_ARENA_MAX, 1);
#endif
	if (limit.rlim_cur >= LEAST)
		return;
	n = snprintf(text, sizeof text,
		"kolmo: out of memory: %llu MB are allowed (ulimit -v) and the program alone needs %llu; raise the limit\n",
		(unsigned long long)limit.rlim_cur / 1000000, LEAST / 1000000);
	if (n > 0 && write(STDERR_FILENO, text, n) < 0)
		_exit(1);
	_exit(1);
}
