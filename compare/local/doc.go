// Package local measures the one-step errors of models and the bound that is telescoped from them (Lemma 3).
package local
