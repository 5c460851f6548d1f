// Package variation follows moments of the first variation of a chain and of diffusions.
//
//	E |d_i X(n; x)|^2 = M_ii(x, n),   M^{n+1}(x) = E DF^T M^n(F) DF,   M^0 = I.
//
// M is a field of symmetric matrices on a grid, entries k <= l; on the line E |dX|^p for any p. Points are the grid's,
// vectors and derivatives those of users' coordinates. The rate at which moments fall is the largest eigenvalue of a step on M.
//
// Those of a diffusion, dX = b dt + sum_k sigma_k dW_k, depend on the root sigma of a.
//
//	M_t = L M + Db^T M + M Db + sum_k Ds_k^T M Ds_k + sum_{k,c} s_kc (Ds_k^T d_c M + d_c M Ds_k).
//
// On the line that is
//
//	m_t = L m + p b' m + (p (p-1)/2) sum_k s_k'^2 m + p sum_k s_k s_k' m'.
//
// (2.14)-(2.16) of Li and Wang, On uniform-in-time diffusion approximation for stochastic gradient
// descent, Methods Appl. Anal. 30 (2023) 95-112.
package variation
