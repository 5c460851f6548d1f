package page

import (
	"html"
	"html/template"

	"kolmo/objective/expr"
)

// formula returns an expression of the study file typeset as MathML, or as typed where that
// cannot be.
func formula(text string) template.HTML {
	if markup, ok := expr.Typeset(text); ok {
		return template.HTML(markup)
	}
	return template.HTML("<code>" + html.EscapeString(text) + "</code>")
}
