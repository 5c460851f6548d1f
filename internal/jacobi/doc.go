// Package jacobi has the eigenvalues and eigenvectors of symmetric matrices of order up
// to three, by Jacobi's rotations, without allocation.
//
//	values, vectors := jacobi.Eigen([3][3]float64{{2, 1, 0}, {1, 2, 0}}, 2)
//	fmt.Println(values[:2]) // [1 3]
package jacobi
