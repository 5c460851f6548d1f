package study

import (
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/process"
)

// What EtaInvariant tries: learning rates down from the study's largest and up from the first that is kept, each
// twice the other, and how finely the end between two of them is told.
const (
	mostHalved  = 24
	mostDoubled = 12
	smallerBy   = 16 // the smallest that is tried is the study's over this
	etaDigits   = 1e-3
)

// Keeps reports that no step at a learning rate leaves the region in which the algorithm is looked at, which
// is the ball where its noise ends if it has noise of its own, and why not. It is found by a search.
func (s *Study) Keeps(eta float64) (bool, string) {
	if eta > mostEta(s) {
		return false, "the learning rate is beyond the one that is imitated"
	}
	d := s.dynamics()
	return d.Chain(eta).Keeps(process.Region{State: d.State(), R: s.R})
}

// Leaving lists the learning rates at which a step leaves the region; none where the study is about exit times alone, which
// ask of nothing outside their interval.
func Leaving(s *Study) (list []string) {
	for _, e := range s.Eta {
		if in, _ := s.Keeps(e.Value); !in && !slices.Equal(s.Studies, []string{string(compare.StudyExit)}) {
			list = append(list, e.Text)
		}
	}
	return list
}

// mostEta returns the largest learning rate that there is.
func mostEta(s *Study) float64 {
	if s.Imitated != nil {
		return s.Imitated.Value
	}
	return math.Inf(1)
}

// EtaInvariant returns the learning rates found between which no step leaves the region: from least, which is 0
// where all smaller ones that are tried keep it, to most, which is infinity where all larger ones do. Both are 0 if
// none is found; why says what is in the way at the smallest.
func (s *Study) EtaInvariant() (least, most float64, why string) {
	if len(s.Eta) == 0 {
		return 0, 0, "there is no learning rate"
	}
	low, high := s.Eta[0].Value, math.Inf(1)
	var ok bool
	for range mostHalved {
		if ok, why = s.Keeps(low); ok {
			break
		}
		low, high = low/2, low
	}
	if !ok {
		return 0, 0, why
	}
	for small := low; small >= s.Eta[len(s.Eta)-1].Value/smallerBy; small /= 2 {
		if ok, _ = s.Keeps(small / 2); !ok {
			least = s.between(small/2, small, false)
			break
		}
	}
	for range mostDoubled {
		if !math.IsInf(high, 1) || low == mostEta(s) {
			break
		}
		next := min(2*low, mostEta(s))
		if ok, _ := s.Keeps(next); ok {
			low = next
		} else {
			high = next
		}
	}
	if low == mostEta(s) {
		return least, low, ""
	}
	if math.IsInf(high, 1) {
		return least, high, ""
	}
	return least, s.between(low, high, true), ""
}

// between returns a learning rate that keeps the region next to one that does not, between one of both kinds;
// lowKeeps tells that the smaller keeps it.
func (s *Study) between(low, high float64, lowKeeps bool) float64 {
	for high/low > 1+etaDigits {
		m := math.Sqrt(low * high)
		if ok, _ := s.Keeps(m); ok == lowKeeps {
			low = m
		} else {
			high = m
		}
	}
	if lowKeeps {
		return low
	}
	return high
}

// Speaks says which of the paper's assumptions speak of an algorithm that is not the paper's.
func (s *Study) Speaks() string {
	switch {
	case algorithmOf(s.Algorithm).theory && s.stretched():
		return "Assumption 1 and Lemmas 1 and 2 are about Euclidean balls, and this one has another metric: their constants say nothing of it"
	case unending(s):
		return "Assumption 1 (ii) speaks of its drift; (i) and Lemma 1 do not speak of a law without bounds, whose noise leaves every ball"
	case s.Reshuffled:
		return "Assumption 1 (i) and Lemma 1 speak of every single step of an epoch; what else the paper assumes is of samples with replacement"
	case algorithmOf(s.Algorithm).theory && s.Schedule != nil:
		return "Assumption 1 and Lemma 1 speak of every step, whose size is eta at the most; the theorems are about a constant one"
	case s.Imitated != nil:
		return "Assumption 1 (ii) speaks of its drift; (i) and Lemma 1 do not speak of its steps, which are of order sqrt(eta)"
	case algorithmOf(s.Algorithm).taper:
		return "Assumption 1 (ii) speaks of its drift; (i) and Lemma 1 do not speak of its noise, which leaves every ball"
	}
	return "none of the paper's assumptions speaks of it: they are about the step x - eta grad f(x;xi)"
}
