// Package look looks at fields on grids: their values and derivatives at points of a ball, and where they are largest.
package look
