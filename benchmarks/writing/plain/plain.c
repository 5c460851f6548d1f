/* Writes a series of fields as a plain program over HDF5 would: one H5Dwrite per
 * step into a dataset that grows, one chunk per step.
 *
 * usage: plain PATH STEPS N2 N1 none|flush|sync
 * flush: H5Fflush after every step; sync: that, and fsync at the end.
 * Prints the seconds from before H5Fcreate to after H5Fclose (and fsync).
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void check(long long status, const char *what)
{
	if (status < 0) {
		fprintf(stderr, "plain: %s failed\n", what);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;
	const char *path = argv[1], *mode = argv[5];
	hsize_t steps = strtoull(argv[2], NULL, 10), n2 = strtoull(argv[3], NULL, 10), n1 = strtoull(argv[4], NULL, 10);
	double *u = malloc(n1 * n2 * sizeof *u);
	for (hsize_t i = 0; i < n1 * n2; i++)
		u[i] = 1.0 / (i + 1.0);
	double start = now();
	hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
	check(file, "H5Fcreate");
	hsize_t dims[3] = {0, n2, n1}, most[3] = {H5S_UNLIMITED, n2, n1}, chunk[3] = {1, n2, n1};
	hid_t space = H5Screate_simple(3, dims, most), list = H5Pcreate(H5P_DATASET_CREATE);
	check(H5Pset_chunk(list, 3, chunk), "H5Pset_chunk");
	hid_t set = H5Dcreate2(file, "u", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
	check(set, "H5Dcreate2");
	hid_t memory = H5Screate_simple(3, chunk, NULL);
	for (hsize_t i = 0; i < steps; i++) {
		hsize_t at[3] = {i, 0, 0};
		dims[0] = i + 1;
		check(H5Dset_extent(set, dims), "H5Dset_extent");
		hid_t place = H5Dget_space(set);
		check(H5Sselect_hyperslab(place, H5S_SELECT_SET, at, NULL, chunk, NULL), "H5Sselect_hyperslab");
		check(H5Dwrite(set, H5T_NATIVE_DOUBLE, memory, place, H5P_DEFAULT, u), "H5Dwrite");
		H5Sclose(place);
		if (strcmp(mode, "none") != 0)
			check(H5Fflush(file, H5F_SCOPE_GLOBAL), "H5Fflush");
	}
	H5Sclose(memory);
	H5Pclose(list);
	H5Sclose(space);
	check(H5Dclose(set), "H5Dclose");
	check(H5Fclose(file), "H5Fclose");
	if (strcmp(mode, "sync") == 0) {
		int fd = open(path, O_RDONLY);
		check(fd, "open");
		check(fsync(fd), "fsync");
		close(fd);
	}
	printf("%.6f\n", now() - start);
	return 0;
}
