package compare

import "strings"

// Key says what a row is about. Tables name its columns as they are here, unless the row's
// tag heads has another name for one, or none.
type Key struct {
	Observable string  `json:"observable" col:"observable"`
	Model      string  `json:"model" col:"model"`
	Eta        float64 `json:"eta" col:"eta"`
	EtaText    string  `json:"eta_text"` // as the study writes it: "1/128"
}

// File returns the name of the file of the row's fields, "square-modified-eta1_128.nc". Names may have a - of their
// own: a study in which two rows have the same file is refused by its reader.
func (k Key) File() string {
	return k.Observable + "-" + k.Model + "-eta" + strings.ReplaceAll(k.EtaText, "/", "_") + ".nc"
}
