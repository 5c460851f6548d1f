// Package krylov keeps trajectories of a linear operator A as bases with error bounds of
// their own. It knows fields, []float64, and a function that applies A to one.
//
// A Basis is built by Arnoldi's method from a start phi,
//
//	A V_m = V_m H_m + h v_{m+1} e_m^T,   V_m^T V_m = I,   V_m e_1 = phi/|phi|,   h = h_{m+1,m}.
//
// A Trajectory follows y_0 = |phi| e_1 in the small space: powers y_{n+1} = H y_n, for
// operators like one step S of a Markov chain, or exponentials y(t) = e^{tH} y_0, for
// generators L. The fields are V_m y. What they miss has a residual along v_{m+1} alone:
//
//	A V_m y_n - V_m y_{n+1} = h (e_m.y_n) v_{m+1},
//	L V_m y(t) - d/dt V_m y(t) = h (e_m.y(t)) v_{m+1}.
//
// Hence, in the maximum norm and with G at least |A^k| or |e^{tL}|:
//
//	|A^n phi - V_m y_n|       <= G h |v_{m+1}| sum_{k<n} |e_m.y_k|,
//	|e^{tL} phi - V_m y(t)|   <= G h |v_{m+1}| int_0^t |e_m.y(s)| ds
//
// See Saad 1992, section 5, and for which m the bounds fall Hochbruck and Lubich 1997. Where A
// keeps constants (A 1 = 1, or L 1 = 0) the basis works modulo them: P v = v - c(v) 1 with
// a functional c, c(1) = 1, the basis is that of P A, and the constant is one number more
// in y, which the small matrix moves along. A V_m y then loses nothing by P, so that the
// bounds stay as they are. H has lost the eigenvalue of the constant, the sum converges, and
// one number bounds the error for all n. The limit of A^n phi is
//
//	c(phi) + c.(I - H)^{-1} y_0,   c_j = c(A v_j).
//
//	b, err := krylov.New(s.ApplyTo, phi, &krylov.Config{Modulo: []krylov.Constant{krylov.At(n, centre)}})
//	met, err := b.Until(200, func() float64 { p = b.Powers(1); return p.BoundAlways() / 1e-9 })
//	values := p.Coefficients(steps) // times b.RowsTo(.., nodes): A^n phi there for all n
//
// References: Saad, Analysis of some Krylov subspace approximations to the matrix exponential
// operator, SIAM J. Numer. Anal. 29 (1992), doi:10.1137/0729014; Hochbruck and Lubich, On
// Krylov subspace approximations to the matrix exponential operator, SIAM J. Numer. Anal. 34
// (1997), doi:10.1137/S0036142995280572; Giraud, Langou, Rozloznik and van den Eshof, Rounding
// error analysis of the classical Gram-Schmidt orthogonalization process, Numer. Math. 101
// (2005), doi:10.1007/s00211-005-0615-4.
package krylov
