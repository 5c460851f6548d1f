package assumptions

// progress tells how far a check is.
type progress struct {
	told   func(share float64) // nil: nobody listens
	at, to float64             // the share that is done, and that at which the phase ends
}

// scanShare is the share of the work that the search on the grid takes.
const scanShare = 0.15

// tellStep is the part of what is left of a phase that one step of it is taken for: how many
// there will be is not known.
const tellStep = 0.02

// phase begins the next phase, which ends at a share of the whole work.
func (p *progress) phase(to float64) {
	p.at, p.to = p.to, to
	p.report()
}

// tell counts one step of the phase.
func (p *progress) tell() {
	p.at += tellStep * (p.to - p.at)
	p.report()
}

func (p *progress) report() {
	if p.told != nil {
		p.told(p.at)
	}
}
