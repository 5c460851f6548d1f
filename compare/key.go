package compare

// Key says what a row is about. Tables name its columns as they are here, unless the row's
// tag heads has another name for one, or none.
type Key struct {
	Observable string  `json:"observable" col:"observable"`
	Model      string  `json:"model" col:"model"`
	Eta        float64 `json:"eta" col:"eta"`
	EtaText    string  `json:"eta_text"` // as the study writes it: "1/128"
}
