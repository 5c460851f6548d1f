// Package unit is what all kinds of studies have in common: the setup of a run, the store of its finished units, its progress, and
// engines at planned levels.
package unit
