/* What a plain C compiler makes of kolmo's kernels, for comparison.
 *
 * usage: reference JOB ..
 * A job is product:M:P:K, dots:N:COUNT, subtract:N:COUNT, addmul:N, submul:N or triad:N,
 * with sizes in numbers. For every job
 * one line is printed: the least processor time of one execution, in seconds.
 *
 * A product has its operands padded to whole tiles in advance and knows no edges. Its
 * tiles have 8 rows and up to 3 vectors of 8 columns, held in variables of vector type.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef double vec __attribute__((vector_size(64), aligned(8)));

enum { ROWS = 8, LANES = 8, ROUNDS = 5 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double *numbers(long n)
{
	double *x = aligned_alloc(64, (n * 8 + 63) / 64 * 64);
	if (x == NULL) {
		fprintf(stderr, "reference: out of memory\n");
		exit(1);
	}
	for (long i = 0; i < n; i++)
		x[i] = 1.0 / (1 + i % 7);
	return x;
}

/* a is packed: ROWS entries of a column side by side. */
#define TILE(NAME, V) \
static inline __attribute__((always_inline)) void NAME(int k, const double *a, const double *b, int ldb, double *c, int ldc) \
{ \
	vec sum[ROWS][V] = {0}; \
	for (int l = 0; l < k; l++, a += ROWS, b += ldb) \
		for (int i = 0; i < ROWS; i++) \
			for (int v = 0; v < V; v++) \
				sum[i][v] += a[i] * *(const vec *)(b + v * LANES); \
	for (int i = 0; i < ROWS; i++) \
		for (int v = 0; v < V; v++) \
			*(vec *)(c + i * ldc + v * LANES) = sum[i][v]; \
}
TILE(tile1, 1)
TILE(tile2, 2)
TILE(tile3, 3)

static int m, p, k;
static long n;
static double *a, *b, *c;

static void product(void)
{
	int ld = (p + LANES - 1) / LANES * LANES;
	for (int j = 0; j < ld;) {
		int left = (ld - j) / LANES, v = left == 4 || left == 2 ? 2 : left >= 3 ? 3 : 1;
		for (int i = 0; i < m; i += ROWS) {
			const double *ai = a + (long)i * k;
			double *ci = c + (long)i * ld + j;
			if (v == 3)
				tile3(k, ai, b + j, ld, ci, ld);
			else if (v == 2)
				tile2(k, ai, b + j, ld, ci, ld);
			else
				tile1(k, ai, b + j, ld, ci, ld);
		}
		j += v * LANES;
	}
}

static void addmul(void)
{
	for (long i = 0; i < n; i++)
		c[i] += 1e-9 * a[i] * b[i];
}

static void submul(void)
{
	for (long i = 0; i < n; i++)
		c[i] -= a[i] * b[i];
}

static void triad(void)
{
	for (long i = 0; i < n; i++)
		c[i] = a[i] + 0.5 * b[i];
}

/* b holds k vectors of n numbers, c one; blocks of c stay in the first cache. */
enum { BLOCK = 512 };

static void dots(void)
{
	for (long i = 0; i < n; i += BLOCK) {
		long end = i + BLOCK < n ? i + BLOCK : n;
		for (int r = 0; r < k; r++) {
			const double *v = b + r * n;
			vec sum[4] = {0};
			long j = i;
			for (; j + 4 * LANES <= end; j += 4 * LANES)
				for (int s = 0; s < 4; s++)
					sum[s] += *(const vec *)(v + j + s * LANES) * *(const vec *)(c + j + s * LANES);
			for (; j < end; j += LANES)
				sum[0] += *(const vec *)(v + j) * *(const vec *)(c + j);
			sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
			double total = 0;
			for (int l = 0; l < LANES; l++)
				total += sum[0][l];
			a[r] += total;
		}
	}
}

static void subtract(void)
{
	for (long i = 0; i < n; i += 8 * LANES) {
		vec sum[8];
		for (int s = 0; s < 8; s++)
			sum[s] = *(const vec *)(c + i + s * LANES);
		for (int r = 0; r < k; r++) {
			const double *v = b + r * n + i;
			for (int s = 0; s < 8; s++)
				sum[s] -= a[r] * *(const vec *)(v + s * LANES);
		}
		for (int s = 0; s < 8; s++)
			*(vec *)(c + i + s * LANES) = sum[s];
	}
}

static double seconds(void (*job)(void))
{
	long count = 1;
	double best = 1e9;
	for (;; count *= 2) {
		double t = now();
		for (long i = 0; i < count; i++)
			job();
		if (now() - t > 1e-3)
			break;
	}
	for (int r = 0; r < ROUNDS; r++) {
		double t = now();
		for (long i = 0; i < count; i++)
			job();
		t = (now() - t) / count;
		if (t < best)
			best = t;
	}
	return best;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		void (*job)(void);
		if (sscanf(argv[i], "product:%d:%d:%d", &m, &p, &k) == 3) {
			long rows = (m + ROWS - 1) / ROWS * ROWS, ld = (p + LANES - 1) / LANES * LANES;
			a = numbers(rows * k), b = numbers(k * ld), c = numbers(rows * ld);
			job = product;
		} else if (sscanf(argv[i], "dots:%ld:%d", &n, &k) == 2 || sscanf(argv[i], "subtract:%ld:%d", &n, &k) == 2) {
			if (n % (8 * LANES) != 0) {
				fprintf(stderr, "reference: %s: want a multiple of %d\n", argv[i], 8 * LANES);
				return 2;
			}
			a = numbers(k), b = numbers(n * k), c = numbers(n);
			job = argv[i][0] == 'd' ? dots : subtract;
			if (job == subtract)
				for (int r = 0; r < k; r++)
					a[r] = 1e-9;
		} else {
			char name[16];
			if (sscanf(argv[i], "%15[a-z]:%ld", name, &n) != 2) {
				fprintf(stderr, "reference: no job %s\n", argv[i]);
				return 2;
			}
			a = numbers(n), b = numbers(n), c = numbers(n);
			job = strcmp(name, "addmul") == 0 ? addmul : strcmp(name, "submul") == 0 ? submul : triad;
		}
		printf("%.6e\n", seconds(job));
		free(a), free(b), free(c);
	}
	return 0;
}
