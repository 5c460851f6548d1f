package objective

// Thinned returns the loss under about n of the law's nodes, evenly chosen in their order,
// with their weights in proportion. It returns l itself where the law has no more, or has
// negative weights. What it says about l is a guess, as of a sample.
func (l *Loss) Thinned(n int) *Loss {
	if l.law.Len() <= n || l.law.Signed {
		return l
	}
	t, err := New(l.parameters, l.source, l.nodes.Thinned(n))
	if err != nil {
		panic(err) // New has taken the whole
	}
	return t
}
