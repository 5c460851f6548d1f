// Package compare measures how far stochastic gradient descent is from its
// diffusion approximations: sup over n and over the ball |x - center| <= R of
// |U^n - u(., n eta)| (3.3), with U^n = S^n phi from package sgdop and u from
// package kolmogorov, and an estimate of every source of error in that number.
//
// The two sides are computed on grids that are refined together until the
// estimated error meets the study's accuracy or a stated limit of memory or of work
// is reached; results do not depend on clocks or on the number of workers.
//
//	r, err := compare.Gap(ctx, problem, nil)
//	for _, row := range r.Gap {
//		fmt.Println(row.Model, row.EtaText, row.Gap, row.Error, row.Certified)
//	}
//
// Verify computes the gaps again by a second method, and means of SGD by paths.
//
// Symbols: U^n and u on the ball; rho_j = sup |S u^{j-1} - u^j| the one-step
// error (Lemma 3), through which gap_m <= gap_n + sum_{n<j<=m} rho_j closes the
// supremum over all n. Equation numbers are those of Li and Wang, Methods Appl.
// Anal. 30 (2023) 95-112.
package compare
