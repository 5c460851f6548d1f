// Package verify computes gaps by a second method that has nothing in common with the first, and means by seeded paths, and
// compares them.
package verify
