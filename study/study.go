package study

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/derived"
	"kolmo/given"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/process"
	"kolmo/reshuffle"
	"kolmo/schedule"
	"kolmo/study/document"
)

// Study is a validated study. It is immutable.
type Study struct {
	About
	Randomness
	Region
	Motion
	Task
	Solver Solver
	Output Output

	places
	made process.Dynamics // see dynamics
}

// About is what a study is called, and its text.
type About struct {
	Name  string
	Title string
	Text  []byte // the file, with the settings in it
	Path  string // as the user passed it
	notes []string
}

// Randomness is the loss of a study, what is observed, and how steps draw.
type Randomness struct {
	Parameters  []string
	Loss        *objective.Loss     // of one sample
	Objective   objective.Objective // Loss, or a *objective.Batch or *objective.Pairs of it
	Observables []objective.Observable
	Seed        uint64
	// Reshuffled reports that a step goes through all samples once in random order.
	Reshuffled bool
	epoch      *reshuffle.Epoch // of a study over epochs
	// Imitated is the learning rate whose noise per time all steps have; nil: they have their own.
	Imitated  *Rate
	imitating derived.Algorithm // these steps
}

// Region is where a study starts, and where noise ends.
type Region struct {
	Center []float64
	R, R2  float64
	// Metric is the matrix P of the ball |z - center|_P <= R, row by row; nil: the identity.
	Metric []float64
	// Taper is where the noise of an algorithm that has noise of its own ends, or that of sgd's models; zero: nowhere.
	Taper  [2]float64
	metric string // the name of Metric, empty if it has none
}

// Motion is the algorithm of a study.
type Motion struct {
	Eta       []Rate // from largest to smallest, all different
	Algorithm string // its kind: sgd
	// AlgorithmNumbers are the numbers of the algorithm by their keys.
	AlgorithmNumbers map[string]float64
	// Schedule is how the step size falls; nil: it does not.
	Schedule *schedule.Schedule
	// State are the names of the state's coordinates: the parameters, and what the
	// algorithm and the schedule have beside them. Center is a state, of what belongs to the ball.
	State  []string
	noise  []law.Variable      // of an algorithm by formulas
	step   derived.Algorithm   // that algorithm, else nil
	given  []*given.Model      // models of the study's own
	ranges []*process.Interval // of the coordinates; nil entries, or none, belong to the ball
}

// Task is what is asked of a study.
type Task struct {
	Models   []string // as listed, of the algorithm's and the study's own
	Studies  []string // gap, local-error, decay, horizon, stationary, spectrum, crossing, variation, exit
	Accuracy float64  // largest total error relative to each gap
	Horizon  float64  // largest t, 0 if not given
	Spectrum int      // eigenvalues of a spectrum study
	// What crossing and exit studies are asked for; nil if the study does not say.
	compare.Asked
}

// places are the entries of the file that errors speak of.
type places struct {
	doc           *document.Document
	root          *document.Value
	lossAt        *document.Value
	updateAt      *document.Value
	givenAt       []*document.Value // entries of models
	observablesAt map[string]*document.Value
	whole         *Study
}

// Notes say how data were read that are not plain, and which keys count for nothing.
func Notes(s *Study) []string {
	notes := slices.Clone(s.notes)
	for _, name := range []string{string(compare.StudySpectrum), string(compare.StudyCrossing), string(compare.StudyExit)} {
		if v := s.root.Get(name); v != nil && !slices.Contains(s.Studies, name) && !slices.Contains(s.whole.Studies, name) {
			cure := Refused(s, name)
			if cure == "" {
				cure = "kolmo " + name + " computes one"
			}
			notes = append(notes, s.doc.Errorf(v, "the key is of %s studies, and studies lists none; %s", name, cure).Error())
		}
	}
	return append(notes, beyondReach(s)...)
}

// Rate is a learning rate eta, and how the study writes it: "1/128".
type Rate = compare.Rate

// Solver are the settings of the numerical methods.
type Solver struct {
	Space string // auto, chebyshev or uniform
	Order int    // of uniform's differences: 2, 4, .., 10; 0: chosen where there is a choice, else 8
	Time  string // auto, polynomial or the name of a kolmogorov.Scheme
	Nodes []int  // per axis, length d; nil means automatic
}

// Output says which fields are written and when.
type Output struct {
	Fields      []string // u, U, gap and derivatives such as d(1,0)u, as compare.FieldName writes them
	Every       int      // steps between saved times; 0 means about 20 times
	Eta         []Rate   // the learning rates whose fields are saved, from largest to smallest
	Compression int      // 0 for none or 1
}

// Load reads the study in the file called path, with settings that change it. Errors are
// *Error, or those of the file system if the file itself cannot be read.
func Load(path string, settings ...document.Setting) (*Study, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, document.MaxText+1)) // the file may be larger than the memory
	if err != nil {
		return nil, err
	}
	return Parse(path, text, filepath.Dir(path), settings...)
}

// Parse reads a study from text; name stands for it in errors, and data files are
// relative to dir. Settings change the study before anything of it is looked at; errors about
// their values name them instead of a place. Errors are *Error.
func Parse(name string, text []byte, dir string, settings ...document.Setting) (*Study, error) {
	r := &reader{Document: &document.Document{Name: name, Text: string(text)}, dir: dir, names: document.Names{}}
	root, err := r.Parse()
	if err != nil {
		return nil, err
	}
	if err := r.Apply(root, settings); err != nil {
		return nil, err
	}
	if len(settings) > 0 {
		text = []byte(r.Effective(root))
	}
	s := &Study{About: About{Text: text, Path: name}, places: places{doc: r.Document, root: root, observablesAt: map[string]*document.Value{}}}
	s.whole = s
	if err := r.study(s, root); err != nil {
		return nil, err
	}
	s.notes = append(s.notes, r.notes...)
	return s, nil
}

// KeyError returns an *Error about the value of a key ("solver.nodes") at its
// place in the file. A key that the file does not have stands where the nearest
// mapping around it begins, or at the file's beginning.
func (s *places) KeyError(key, msg string) error {
	for at := key; at != ""; {
		if v := s.root.Find(at); v != nil {
			return s.doc.ErrorAt(v.Line, v.Column, key, "%s", msg)
		}
		i := strings.LastIndexByte(at, '.')
		at = at[:max(i, 0)]
	}
	return s.doc.ErrorAt(1, 1, key, "%s", msg)
}

// Source returns the text of a key ("loss", "sample.kind") as the study file has
// it, without quotes, a sequence as [a, b]; "" if the key is not there or a mapping.
func (s *places) Source(key string) string {
	if v := s.root.Find(key); v != nil {
		return v.Flow()
	}
	return ""
}

// Entries returns the single values of a mapping ("define", "observables") in the
// file's order; nil if the key is not there.
func (s *places) Entries(key string) []document.Entry {
	v := s.root.Find(key)
	if v == nil {
		return nil
	}
	var out []document.Entry
	for _, e := range v.Entries {
		if e.Value.Kind == document.Scalar {
			out = append(out, document.Entry{Key: e.Key, Text: e.Value.Text})
		}
	}
	return out
}
