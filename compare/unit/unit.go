package unit

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"strings"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
	"kolmo/process"
)

// ChainUnit finds or loads what a kind of study has of the chain at a learning rate.
func ChainUnit[T any](s *Setup, units *map[int]*T, kind compare.Study, i int, compute func() (*T, error)) error {
	if (*units)[i] != nil {
		return nil
	}
	chain := s.Problem.Dynamics.Name()
	u, err := Stored(s, compare.FinishedUnit{Key: s.UnitPrefix(kind, i) + chain, Kind: string(kind), Model: chain, Eta: s.Problem.Etas[i].Text}, compute)
	if err != nil {
		return err
	}
	if *units == nil {
		*units = make(map[int]*T)
	}
	(*units)[i] = u
	return nil
}

// Stored returns the unit with the key from the study's store, or computes and keeps it. The watcher is told of it.
func Stored[T any](s *Setup, told compare.FinishedUnit, compute func() (*T, error)) (*T, error) {
	u, err := Load[T](s, told.Key)
	if err != nil {
		return nil, err
	}
	if told.Stored = u != nil; !told.Stored {
		if u, err = compute(); err != nil {
			return nil, err
		}
		if u, err = Save(s, told.Key, u); err != nil {
			return nil, err
		}
	}
	s.Finished(told)
	return u, nil
}

// ModelUnder returns the diffusion of a dynamics that is a model of the study under another law.
func ModelUnder(d, own process.Dynamics, m *process.Diffusion) (*process.Diffusion, error) {
	if d == own {
		return m, nil
	}
	list, err := process.Named(d, m.Name)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// UnitName returns the key of what a study computes for a model at a learning rate:
// "gap/1_128/modified".
func (s *Setup) UnitName(kind compare.Study, i, m int) string {
	return s.UnitPrefix(kind, i) + s.Problem.Models[m].Name
}

// UnitPrefix is what the keys of a study's units at a learning rate begin with:
// "gap/1_128/".
func (s *Setup) UnitPrefix(kind compare.Study, i int) string {
	return fmt.Sprintf("%s/%s/", kind, strings.ReplaceAll(s.Problem.Etas[i].Text, "/", "_"))
}

// JSON stores a value as results.json has it, which keeps numbers to the last bit and
// turns those that are not finite into NaN, as reading results.json does.
type JSON[T any] struct{ V T }

func (v JSON[T]) GobEncode() ([]byte, error) { return json.Marshal(v.V) }

func (v *JSON[T]) GobDecode(b []byte) error { return json.Unmarshal(b, &v.V) }

// Load returns the unit with the key from the study's store, nil if it is not there.
func Load[T any](s *Setup, key string) (*T, error) {
	if s.Config.Store == nil {
		return nil, nil
	}
	b, err := s.Config.Store.Load(key)
	if err != nil || b == nil {
		return nil, err
	}
	return DecodeUnit[T](key, b)
}

// Save keeps a unit in the study's store, if there is one. It returns the unit as load
// would, so that results do not depend on whether it was stored.
func Save[T any](s *Setup, key string, unit *T) (*T, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(unit); err != nil {
		return nil, fmt.Errorf("compare: unit %s: %w", key, err)
	}
	if s.Config.Store != nil {
		if err := s.Config.Store.Save(key, b.Bytes()); err != nil {
			return nil, err
		}
	}
	return DecodeUnit[T](key, b.Bytes())
}

func DecodeUnit[T any](key string, b []byte) (*T, error) {
	unit := new(T)
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(unit); err != nil {
		return nil, fmt.Errorf("compare: the stored unit %s cannot be read: %w", key, err)
	}
	return unit, nil
}

// Level is a level as it is stored.
type Level struct {
	Kind                     grid.Kind
	Order, Width, Shift, Sub int
	Scheme                   string // "": polynomials
	Nodes                    []int
	Box                      float64
	AsGiven                  bool
}

func StoreLevel(l survey.Level) Level {
	u := Level{Kind: l.Kind, Order: l.Order, Width: l.Width, Shift: l.Shift, Box: l.Box, Sub: l.Sub, Nodes: l.Nodes, AsGiven: l.AsGiven}
	if l.Scheme != nil {
		u.Scheme = l.Scheme.Name()
	}
	return u
}

// Level returns the stored level. The scheme is one of the problem's or kolmo's.
func (u Level) Level(own scheme.Scheme) survey.Level {
	l := survey.Level{Method: survey.Method{Kind: u.Kind, Order: u.Order, Width: u.Width, Shift: u.Shift, Box: u.Box}, Nodes: u.Nodes, Sub: u.Sub, AsGiven: u.AsGiven}
	if u.Scheme == "" {
		return l
	}
	if own != nil && own.Name() == u.Scheme {
		return survey.Level{Method: l.Method.By(own), Nodes: l.Nodes, Sub: l.Sub, AsGiven: l.AsGiven}
	}
	for _, s := range scheme.Schemes() {
		if s.Name() == u.Scheme {
			l.Method = l.Method.By(s)
		}
	}
	return l
}

// Table are the finished units of one kind of study, by learning rate and model.
type Table[T any] struct{ units map[[2]int]*T }

// At returns a finished unit.
func (t *Table[T]) At(i, m int) *T { return t.units[[2]int{i, m}] }

func (t *Table[T]) set(i, m int, u *T) {
	if t.units == nil {
		t.units = make(map[[2]int]*T)
	}
	t.units[[2]int{i, m}] = u
}

// Missing returns those of the models whose unit is neither in the table nor in the
// study's store; those found in the store are put into the table.
func Missing[T any](s *Setup, t *Table[T], kind compare.Study, i int, models []int) ([]int, error) {
	var rest []int
	for _, m := range models {
		if t.At(i, m) != nil {
			continue
		}
		name := s.UnitName(kind, i, m)
		u, err := Load[T](s, name)
		if err != nil {
			return nil, err
		}
		if u == nil {
			rest = append(rest, m)
			continue
		}
		t.set(i, m, u)
		s.finishedAt(kind, i, m, u, true)
	}
	return rest, nil
}

// Keep stores a finished unit and puts it into the table.
func Keep[T any](s *Setup, t *Table[T], kind compare.Study, i, m int, u *T) error {
	name := s.UnitName(kind, i, m)
	u, err := Save(s, name, u)
	if err != nil {
		return err
	}
	t.set(i, m, u)
	s.finishedAt(kind, i, m, u, false)
	return nil
}

// WithChain are the finished units of a kind of study that asks the same of the chain and of
// the models.
type WithChain[T any] struct {
	Table[T]            // of the models
	Chain    map[int]*T // by learning rate
}

// Run computes and keeps what is missing at a learning rate: of the chain, told as the given
// name and a nil model for compute, and then of some models. what is told while they are computed.
func (t *WithChain[T]) Run(s *Setup, kind compare.Study, i int, models []int, what, chain string, compute func(m *process.Diffusion, eta compare.Rate) (*T, error)) error {
	eta := s.Problem.Etas[i]
	if err := ChainUnit(s, &t.Chain, kind, i, func() (*T, error) {
		s.Progress(eta, 0, 1, fmt.Sprintf("eta = %s: %s of %s", eta.Text, what, chain))
		return compute(nil, eta)
	}); err != nil {
		return err
	}
	models, err := Missing(s, &t.Table, kind, i, models)
	if err != nil {
		return err
	}
	for k, m := range models {
		model := s.Problem.Models[m]
		s.Progress(eta, float64(k+1)/float64(len(models)+1), 1, fmt.Sprintf("eta = %s: %s of the %s model", eta.Text, what, model))
		u, err := compute(model, eta)
		if err != nil {
			return err
		}
		if err := Keep(s, &t.Table, kind, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// Outside says why a model, or the chain where it is nil, is not known to stay in the ball; ""
// where it does.
func Outside(s *Setup, m *process.Diffusion, eta compare.Rate) string {
	switch {
	case m == nil && !s.Invariant(eta.Value):
		return "a step can leave the ball: what happens outside is not known"
	case m != nil && !s.Cache.Survey.Inward(s.Problem, m, eta.Value):
		return "the drift does not point inward on the sphere: what happens outside the ball is not known"
	}
	return ""
}

// finishedAt tells the watcher of a unit of one model at one learning rate.
func (s *Setup) finishedAt(kind compare.Study, i, m int, unit any, stored bool) {
	u := compare.FinishedUnit{Key: s.UnitName(kind, i, m), Kind: string(kind), Model: s.Problem.Models[m].Name, Eta: s.Problem.Etas[i].Text, Stored: stored}
	if g, ok := unit.(interface{ Finished() []compare.GapRow }); ok {
		u.Gaps = g.Finished()
	}
	s.Finished(u)
}
