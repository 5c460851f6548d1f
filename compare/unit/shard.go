package unit

// AllModels returns the indices of all models.
func (s *Setup) AllModels() []int {
	all := make([]int, len(s.Problem.Models))
	for m := range all {
		all[m] = m
	}
	return all
}
