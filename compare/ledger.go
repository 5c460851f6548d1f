package compare

// LedgerRow is one inequality of the proof of Theorem 1 with its measured value: each step bounds the
// one before, and Factor is what it gives away. With the order k of the model, rho_j the one-step
// error, D(t) = sum_J sup|d^J u(.,t)| over 0 < |J| <= 4, and D_j its largest value in step j. K is
// the least constant with rho_j <= K eta^{k+1} D_j.
//
//	gap            the gap itself
//	telescoped     sum_j rho_j
//	lemma-3        K eta^{k+1} sum_j D_j
//	proposition-1  K eta^{k+1} sum_J C_J/(1 - e^{-gamma_J eta})
//	one-rate       K eta^{k+1} (sum_J C_J)/(1 - e^{-beta eta}),  beta the least gamma_J
type LedgerRow struct {
	Observable string  `json:"observable" col:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta" col:"eta"`
	EtaText    string  `json:"eta_text"`
	Step       string  `json:"step" col:"step"`
	Value      Number  `json:"value" col:"value; ~Error"`
	Error      Number  `json:"error" col:"+- error; error"`
	Factor     Number  `json:"factor" col:"factor; 3g"` // Value over that of the step before
	// Scaled is Value over eta^k: the C of Theorem 1 that the step leaves. Null, as K, where k is not known.
	Scaled Number `json:"scaled" col:"over eta^k; 3g any"`
	// Constant is what the step measures: K of lemma-3, sum_J C_J of proposition-1, beta of one-rate.
	Constant Number  `json:"constant" col:"constant; 3g"`
	Reason   *string `json:"reason"` // nil, or why there is no value or no k
}

// The steps of the ledger.
const (
	LedgerGap         = "gap"
	LedgerTelescoped  = "telescoped"
	LedgerLemma       = "lemma-3"
	LedgerProposition = "proposition-1"
	LedgerOneRate     = "one-rate"
)
