package kernel

// Dot returns the sum of w[i] a[i]. It is taken in four interleaved sums, so that it is
// the same to the last bit with and without assembly. a must be as long as w, or Dot panics.
func Dot(w, a []float64) float64 {
	if len(a) != len(w) {
		panic("kernel: Dot of slices of different lengths")
	}
	var s [four]float64
	n := 0
	if useAVX2 && len(w) >= four {
		n = len(w) &^ (four - 1)
		dotAVX2(n, &s, &w[0], &a[0])
	}
	return dotGo(&s, w[n:], a[n:])
}

// Covariance returns the sum of w[i] (a[i] - meanA) (b[i] - meanB), in four sums like
// Dot. a and b must be as long as w, or Covariance panics.
func Covariance(w, a, b []float64, meanA, meanB float64) float64 {
	if len(a) != len(w) || len(b) != len(w) {
		panic("kernel: Covariance of slices of different lengths")
	}
	var s [four]float64
	n := 0
	if useAVX2 && len(w) >= four {
		n = len(w) &^ (four - 1)
		covarianceAVX2(n, &s, &w[0], &a[0], &b[0], meanA, meanB)
	}
	return covarianceGo(&s, w[n:], a[n:], b[n:], meanA, meanB)
}

// dotGo goes on with Dot from the sums s, in plain Go.
func dotGo(s *[four]float64, w, a []float64) float64 {
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	for len(w) >= four && len(a) >= four {
		s0 += w[0] * a[0]
		s1 += w[1] * a[1]
		s2 += w[2] * a[2]
		s3 += w[3] * a[3]
		w, a = w[four:], a[four:]
	}
	for k, x := range w {
		s0 += x * a[k]
	}
	return (s0 + s1) + (s2 + s3)
}

// covarianceGo goes on with Covariance from the sums s, in plain Go.
func covarianceGo(s *[four]float64, w, a, b []float64, meanA, meanB float64) float64 {
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	for len(w) >= four && len(a) >= four && len(b) >= four {
		s0 += w[0] * (a[0] - meanA) * (b[0] - meanB)
		s1 += w[1] * (a[1] - meanA) * (b[1] - meanB)
		s2 += w[2] * (a[2] - meanA) * (b[2] - meanB)
		s3 += w[3] * (a[3] - meanA) * (b[3] - meanB)
		w, a, b = w[four:], a[four:], b[four:]
	}
	for k, x := range w {
		s0 += x * (a[k] - meanA) * (b[k] - meanB)
	}
	return (s0 + s1) + (s2 + s3)
}
