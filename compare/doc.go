// Package compare holds what studies are asked and what they answer: problems, rows and
// results, without anything that computes them. What is compared are the means U^n = S^n phi
// of a chain and u of a diffusion, u_t = L u, u(.,0) = phi, on the ball |x - center| <= R.
// Every source of error is estimated in
//
//	sup_n sup_{|x - center| <= R} |U^n - u(., n eta)|.   (3.3)
//
// Package compare/kinds runs
// studies, compare/verify computes gaps again by a second method and means by paths.
//
// Symbols: rho_j = sup |S u^{j-1} - u^j| is the one-step error (Lemma 3), through which
// gap_m <= gap_n + sum_{n<j<=m} rho_j closes the supremum over all n. Equation numbers are
// those of Li and Wang, Methods Appl. Anal. 30 (2023) 95-112.
package compare
