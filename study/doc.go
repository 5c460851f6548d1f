// Package study turns a study file, strict YAML, into validated values: the loss
// and the law of its samples, the observables, the ball, the learning rates, the
// models and the solver's settings.
//
// A study that loads is sound: every name is known, every number lies in its
// range, the data can be read, and the loss is finite on the ball. Everything
// else is an *Error that names file, line, column and key and says in one
// sentence what was expected. Unknown and duplicate keys, anchors, aliases, tags,
// merge keys, further documents and numbers that are not finite are refused.
//
//	name: quad1d
//	parameters: [x]
//	loss: (x - xi)^2/2
//	sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
//	ball: {R: 2}
//	observables: {square: x^2, cosine: cos(x)}
//	eta: [1/4, 1/8, 1/16, 1/32, 1/64, 1/128]
//	models: [modified, second-order, first-order, gradient-flow]
package study
