// Package survey holds what is known of a problem before any run: grids by their levels, what drifts and diffusions are made of on
// them, and what these grids miss between their nodes.
package survey
