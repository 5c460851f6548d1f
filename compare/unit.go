package compare

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"strings"

	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
)

// Store keeps the finished units of a study: what was computed for one model at one
// learning rate, and the predicted constants. A unit depends on the problem alone, not
// on other units, workers, or the machine's load, so that a study may be interrupted and
// resumed, or divided among machines, and gives the same results to the last bit. A store
// belongs to one problem; its owner sees to that. Calls come from one goroutine.
type Store interface {
	// Load returns the unit with the key, or nil if there is none.
	Load(key string) ([]byte, error)
	// Save keeps a unit. It must be whole or absent afterwards.
	Save(key string, unit []byte) error
}

// unitName returns the key of what a study computes for a model at a learning rate:
// "gap/1_128/modified".
func (s *gapStudy) unitName(kind Study, i, m int) string {
	return s.unitPrefix(kind, i) + s.p.Models[m].Name
}

// unitPrefix is what the keys of a study's units at a learning rate begin with:
// "gap/1_128/".
func (s *gapStudy) unitPrefix(kind Study, i int) string {
	return fmt.Sprintf("%s/%s/", kind, strings.ReplaceAll(s.p.Etas[i].Text, "/", "_"))
}

// asJSON stores a value as results.json has it, which keeps numbers to the last bit and
// turns those that are not finite into NaN, as reading results.json does.
type asJSON[T any] struct{ V T }

// GobEncode implements gob.GobEncoder.
func (v asJSON[T]) GobEncode() ([]byte, error) { return json.Marshal(v.V) }

// GobDecode implements gob.GobDecoder.
func (v *asJSON[T]) GobDecode(b []byte) error { return json.Unmarshal(b, &v.V) }

// load returns the unit with the key from the study's store, nil if it is not there.
func load[T any](s *gapStudy, key string) (*T, error) {
	if s.cfg.Store == nil {
		return nil, nil
	}
	b, err := s.cfg.Store.Load(key)
	if err != nil || b == nil {
		return nil, err
	}
	return decodeUnit[T](key, b)
}

// save keeps a unit in the study's store, if there is one. It returns the unit as load
// would, so that results do not depend on whether it was stored.
func save[T any](s *gapStudy, key string, unit *T) (*T, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(unit); err != nil {
		return nil, fmt.Errorf("compare: unit %s: %w", key, err)
	}
	if s.cfg.Store != nil {
		if err := s.cfg.Store.Save(key, b.Bytes()); err != nil {
			return nil, err
		}
	}
	return decodeUnit[T](key, b.Bytes())
}

func decodeUnit[T any](key string, b []byte) (*T, error) {
	unit := new(T)
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(unit); err != nil {
		return nil, fmt.Errorf("compare: the stored unit %s cannot be read: %w", key, err)
	}
	return unit, nil
}

// unitLevel is a level as it is stored.
type unitLevel struct {
	Kind                     grid.Kind
	Order, Width, Shift, Sub int
	Scheme                   string // "": polynomials
	Nodes                    []int
	Box                      float64
	AsGiven                  bool
}

func storedLevel(l level) unitLevel {
	u := unitLevel{Kind: l.kind, Order: l.order, Width: l.width, Shift: l.shift, Box: l.box, Sub: l.sub, Nodes: l.nodes, AsGiven: l.asGiven}
	if l.scheme != nil {
		u.Scheme = l.scheme.Name()
	}
	return u
}

// level returns the stored level. The scheme is one of the problem's or kolmo's.
func (u unitLevel) level(own scheme.Scheme) level {
	l := level{method: method{kind: u.Kind, order: u.Order, width: u.Width, shift: u.Shift, box: u.Box}, nodes: u.Nodes, sub: u.Sub, asGiven: u.AsGiven}
	if u.Scheme == "" {
		return l
	}
	if own != nil && own.Name() == u.Scheme {
		return level{method: l.method.by(own), nodes: l.nodes, sub: l.sub, asGiven: l.asGiven}
	}
	for _, s := range scheme.Schemes() {
		if s.Name() == u.Scheme {
			l.method = l.method.by(s)
		}
	}
	return l
}

// planned is a model at its level with the S that it is compared with.
type planned struct {
	model int // index in the problem's models
	s, l  level
}

// gapUnit is what the gap study found for one model at one learning rate.
type gapUnit struct {
	Rows    []asJSON[GapRow] // per observable
	Curves  []Curve          // of those that have one
	Rasters []Raster
	// Plan are the last two levels, coarse and fine, of S and of the model.
	Plan [2]struct{ S, L unitLevel }
	// At and AtS are where the ladders ended.
	At, AtS  int
	Choices  []Choice
	Warnings []string
}

// plan returns the coarse (0) or the fine (1) levels that the unit ended with.
func (u *gapUnit) plan(s *gapStudy, m, i int) planned {
	return planned{model: m, s: u.Plan[i].S.level(nil), l: u.Plan[i].L.level(s.p.Solver.Scheme)}
}

// unitTable are the finished units of one kind of study, by learning rate and model.
type unitTable[T any] struct{ units map[[2]int]*T }

// at returns a finished unit.
func (t *unitTable[T]) at(i, m int) *T { return t.units[[2]int{i, m}] }

func (t *unitTable[T]) set(i, m int, u *T) {
	if t.units == nil {
		t.units = make(map[[2]int]*T)
	}
	t.units[[2]int{i, m}] = u
}

// missing returns those of the models whose unit is neither in the table nor in the
// study's store; those found in the store are put into the table.
func missing[T any](s *gapStudy, t *unitTable[T], kind Study, i int, models []int) ([]int, error) {
	var rest []int
	for _, m := range models {
		if t.at(i, m) != nil {
			continue
		}
		name := s.unitName(kind, i, m)
		u, err := load[T](s, name)
		if err != nil {
			return nil, err
		}
		if u == nil {
			rest = append(rest, m)
			continue
		}
		t.set(i, m, u)
		s.finishedAt(kind, i, m, true)
	}
	return rest, nil
}

// keep stores a finished unit and puts it into the table.
func keep[T any](s *gapStudy, t *unitTable[T], kind Study, i, m int, u *T) error {
	name := s.unitName(kind, i, m)
	u, err := save(s, name, u)
	if err != nil {
		return err
	}
	t.set(i, m, u)
	s.finishedAt(kind, i, m, false)
	return nil
}

// finishedAt tells the watcher of a unit of one model at one learning rate.
func (s *gapStudy) finishedAt(kind Study, i, m int, stored bool) {
	u := FinishedUnit{Key: s.unitName(kind, i, m), Kind: string(kind), Model: s.p.Models[m].Name, Eta: s.p.Etas[i].Text, Stored: stored}
	if kind == StudyGap {
		for _, row := range s.units.at(i, m).Rows {
			u.Gaps = append(u.Gaps, row.V)
		}
	}
	s.finished(u)
}
