package compare

// Choice is the discretisation that kolmo chose for a model at one learning rate,
// where the study left it open.
type Choice struct {
	Model   string  `json:"model"`
	Eta     float64 `json:"eta"`
	EtaText string  `json:"eta_text"`
	Space   string  `json:"space"` // chebyshev or uniform
	Order   int     `json:"order"` // of differences; zero for collocation
	Nodes   int     `json:"nodes"` // per axis, predicted to be needed
	Time    string  `json:"time"`  // polynomial or the name of a scheme
	Why     string  `json:"why"`   // the predicted work of all candidates
}
