package given

import (
	"errors"
	"fmt"
	"slices"

	"kolmo/process"
)

var _ process.Varied = (*Dynamics)(nil)

// errVaried says that a base's first variations are not known.
var errVaried = errors.New("the Jacobians of the images of a step are not known")

// StepVariation implements process.Varied: that of the base.
func (d *Dynamics) StepVariation(eta float64) (process.Variation, error) {
	base, ok := d.Base.(process.Varied)
	if !ok {
		return nil, errVaried
	}
	return base.StepVariation(eta)
}

// RootVariation implements process.Varied: that of the base's diffusions. A given diffusion is known by its a alone,
// of which there is no root, and needs none where it has no noise.
func (d *Dynamics) RootVariation(m *process.Diffusion, eta float64) (process.Root, error) {
	if i := slices.IndexFunc(d.models, func(own *Model) bool { return own.Name == m.Name }); i >= 0 {
		if d.models[i].noisy() {
			return nil, fmt.Errorf("first variations depend on the root of a, and %s gives a alone (models.%s.diffusion)", m.Name, m.Name)
		}
		return nil, nil
	}
	base, ok := d.Base.(process.Varied)
	if !ok {
		return nil, errVaried
	}
	return base.RootVariation(m, eta)
}
