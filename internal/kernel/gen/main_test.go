package main

import (
	"bytes"
	"os"
	"testing"
)

// The assembly in the repository is what the generator writes.
func TestGeneratedFileIsFresh(t *testing.T) {
	t.Parallel()
	got, err := os.ReadFile("../gemm_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, assembly()) {
		t.Error("gemm_amd64.s is not what gen writes; run go generate ./internal/kernel")
	}
}
