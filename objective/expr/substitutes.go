package expr

import (
	"fmt"
	"strings"

	"kolmo/objective/expr/function"
)

// substitutes say what to write for functions that people know and that have another name
// here or none; u and v are the arguments.
var substitutes = map[string]string{
	"ln":           "log(u)",
	"log10":        "log(u)/log(10)",
	"log2":         "log(u)/log(2)",
	"lg":           "log(u)/log(10)",
	"exp2":         "2^u",
	"sigmoid":      "logistic(u)",
	"expit":        "logistic(u)",
	"logit":        "log(u/(1 - u))",
	"relu":         "max(0, u)",
	"leakyrelu":    "max(0.01*u, u)",
	"elu":          "max(0, u) + min(0, exp(u) - 1)",
	"gelu":         "u*(1 + erf(u/sqrt(2)))/2",
	"silu":         "u*logistic(u)",
	"swish":        "u*logistic(u)",
	"softsign":     "u/(1 + abs(u))",
	"logsigmoid":   "-softplus(-u)",
	"log1pexp":     "softplus(u)",
	"logaddexp":    "max(u, v) + softplus(-abs(u - v))",
	"logsumexp":    "max(u, v) + softplus(-abs(u - v))",
	"logcosh":      "softplus(2*u) - u - log(2)",
	"hinge":        "max(0, 1 - u)",
	"sign":         "u/sqrt(u^2 + 0.1), which is smooth; the smaller 0.1, the steeper",
	"sgn":          "u/sqrt(u^2 + 0.1), which is smooth; the smaller 0.1, the steeper",
	"heaviside":    "logistic(u/0.1), which is smooth",
	"step":         "logistic(u/0.1), which is smooth",
	"fabs":         "abs(u)",
	"norm":         "sqrt(u^2 + v^2), or hypot(u, v)",
	"square":       "u^2",
	"sqr":          "u^2",
	"cube":         "u^3",
	"cbrt":         "u^(1/3)",
	"pow":          "u^v",
	"power":        "u^v",
	"arcsin":       "asin(u)",
	"arccos":       "acos(u)",
	"arctan":       "atan(u)",
	"arcsinh":      "asinh(u)",
	"acosh":        "log(u + sqrt(u^2 - 1))",
	"arccosh":      "log(u + sqrt(u^2 - 1))",
	"atanh":        "log((1 + u)/(1 - u))/2",
	"arctanh":      "log((1 + u)/(1 - u))/2",
	"sec":          "1/cos(u)",
	"csc":          "1/sin(u)",
	"cot":          "1/tan(u)",
	"erfc":         "1 - erf(u)",
	"normcdf":      "(1 + erf(u/sqrt(2)))/2",
	"clip":         "min(max(u, low), high)",
	"clamp":        "min(max(u, low), high)",
	"maximum":      "max(u, v)",
	"minimum":      "min(u, v)",
	"sum":          "u + v, term by term",
	"dot":          "u1*v1 + u2*v2",
	"mean":         "(u + v)/2; the mean over the sample is f",
	"zscore":       "standardize(u), under sample.columns",
	"scale":        "standardize(u), under sample.columns",
	"demean":       "center(u), under sample.columns",
	"softmax":      "logistic(u - v), of two",
	"crossentropy": "softplus(-y*u), for y = 1 or -1",
	"bce":          "softplus(-y*u), for y = 1 or -1",
	"mse":          "(u - v)^2",
	"round":        "no function that jumps; losses are smooth",
	"floor":        "no function that jumps; losses are smooth",
	"ceil":         "no function that jumps; losses are smooth",
}

// unknownFunction returns what to say about a function that is not there.
func unknownFunction(name string, functions []string) string {
	plain := strings.ToLower(strings.ReplaceAll(name, "_", ""))
	if function.Named(plain) != nil && plain != name {
		return fmt.Sprintf("unknown function %s; did you mean %s?", name, plain)
	}
	if s, ok := substitutes[plain]; ok {
		return fmt.Sprintf("unknown function %s; write %s", name, s)
	}
	return "unknown function " + name + hint(name, functions)
}
