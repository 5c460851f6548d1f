// Package trial makes problems for tests.
package trial
