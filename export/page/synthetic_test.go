package page

// syntheticMeta is what the study file of iris would give.
func syntheticMeta() Meta {
	return Meta{
		StudyText: "name: synthetic\nloss: softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)\nmodels: [modified, second-order]\n",
		StudyFile: "synthetic.yaml", Command: "kolmo run synthetic.yaml",
		Loss:        "softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)",
		Define:      []NameExpr{{"m", "w1*a/(1 + xi_2^2)"}},
		Parameters:  []string{"w1", "w2"},
		Sample:      "100 rows of iris.csv, each with the same probability",
		Ball:        "|x| <= 2, the modified model's noise ends at |x| = 3",
		Observables: []NameExpr{{"expected_loss", "f"}, {"square", "w1^2 + w2^2"}},
		Solver:      "Chebyshev collocation, polynomial in time",
		Accuracy:    "1 % of each gap",
	}
}
