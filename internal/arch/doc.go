// Package arch holds the project's packages to the imports they are allowed. It
// has tests only: every import of a package outside the standard library must
// stand in their table, which doc/dev/architecture.md repeats for people.
package arch
