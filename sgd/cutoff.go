package sgd

import "kolmo/process"

// Cutoff is the smooth step chi of Lambda = chi^2 Sigma (2.1).
type Cutoff = process.Cutoff
