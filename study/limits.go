package study

// Limits of what a study may ask for, beside those of its text (tree.go), of an expression
// (expr.MaxLength), of a table (objective) and of quadrature nodes (law.MaxNodes);
// doc/study-file.md lists them. What is beyond is refused before any work, with its place.
const (
	// leastLength and mostLength bound ball.R and ball.R2: fourth powers and fourth
	// derivatives stay within double precision.
	leastLength = 1e-30
	mostLength  = 1e30
	// mostCutoff bounds R2/R, and mostOffset |center|/R: a double at the centre must have
	// digits left for places in the ball.
	mostCutoff = 1e6
	mostOffset = 1e6
	// leastRate and mostRate bound eta; steps up to t = 1 are counted in 64 bits.
	leastRate = 1e-18
	mostRate  = 1e18
	// mostSteps bounds the steps to the horizon at the smallest eta.
	mostHorizonSteps = 1e15
	// mostSpectrum bounds the eigenvalues of a spectrum study.
	mostSpectrum = 32
	// mostRateText bounds the characters of a learning rate, see document.MostName.
	mostRateText = 40
	// mostObservables and mostRates bound lists, and mostRows the rows of the results.
	mostObservables = 200
	mostRates       = 200
	mostRows        = 20_000
	// mostDataRows bounds the selected rows, and mostDataValues their values in all
	// variables.
	mostDataRows   = 10_000_000
	mostDataValues = 100_000_000
	// mostReach is the largest distance in standard deviations between a normal law's mean
	// and an interval that it is restricted to: beyond, the law's density there is 0 in double precision.
	mostReach = 37
)
