package expr

import (
	"errors"
	"kolmo/objective/expr/numeral"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"kolmo/objective/expr/function"
)

// MaxLength is the largest length in bytes of an expression and MaxDepth the
// largest depth of its brackets. The parser behind the guard recurses without a
// bound of its own (it dies of stack overflow on 500 000 brackets).
const (
	MaxLength = 64 << 10
	MaxDepth  = 1000
)

// reserved are the names that neither a parameter nor a variable may have.
var reserved = []string{
	"e", "pi", "f", "in", "not", "let", "and", "or", "matches", "contains", "startsWith", "endsWith",
	"if", "else", "nil", "true", "false",
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// CheckName returns an error unless name may be the name of a parameter, a
// sample variable or a definition: a letter or underscore, then letters, digits
// and underscores; not reserved, not a function.
func CheckName(name string) error {
	switch {
	case !identifier.MatchString(name):
		return errorf(0, "%q is not a name: write a letter, then letters, digits or underscores", name)
	case slices.Contains(reserved, name):
		return errorf(0, "the name %s is reserved", name)
	case function.Named(name) != nil || tableFunctions[name]:
		return errorf(0, "the name %s is reserved for the function", name)
	}
	return nil
}

// scan refuses, before anything recursive sees the text, what is too long, too
// deep or commented.
func scan(text string) error {
	if len(text) > MaxLength {
		return errorf(0, "the expression is longer than 64 KiB")
	}
	if !utf8.ValidString(text) {
		return errorf(0, "the expression is not UTF-8 text")
	}
	if strings.TrimSpace(text) == "" {
		return errorf(0, "the expression is empty")
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'', '`':
			end := i + 1
			for end < len(text) && text[end] != c {
				if text[end] == '\\' && c != '`' {
					end++
				}
				end++
			}
			if end >= len(text) {
				return errorf(i, "the text that starts here has no closing %c", c)
			}
			i = end
		case '(', '[', '{':
			if depth++; depth > MaxDepth {
				return errorf(i, "brackets are nested more than %d deep", MaxDepth)
			}
		case ')', ']', '}':
			depth--
		case '#':
			return errorf(i, "# is not part of an expression")
		case '/':
			if i+1 < len(text) && (text[i+1] == '/' || text[i+1] == '*') {
				return errorf(i, "%s is not an operator; write one / for division", text[i:i+2])
			}
		}
	}
	return nil
}

// token is a token with its byte offset.
type token struct {
	lexer.Token
	offset int
}

// source is a scanned text: its tokens and the way from the parser's rune
// positions to byte offsets.
type source struct {
	text   string
	tokens []token
	bytes  []int // bytes[i] is the byte offset of rune i
}

func newSource(text string) (*source, error) {
	if err := scan(text); err != nil {
		return nil, err
	}
	s := &source{text: text}
	for i := range text {
		s.bytes = append(s.bytes, i)
	}
	s.bytes = append(s.bytes, len(text))
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		if e, ok := errors.AsType[*file.Error](err); ok {
			if strings.HasPrefix(e.Message, "bad number syntax") {
				return nil, errorf(s.offset(e.Location), "a number runs into a name; write * to multiply")
			}
			return nil, errorf(s.offset(e.Location), "%s", e.Message)
		}
		return nil, errorf(0, "%v", err)
	}
	for _, t := range tokens {
		s.tokens = append(s.tokens, token{t, s.offset(t.Location)})
	}
	return s, nil
}

// offset returns the byte offset of the first character of l.
func (s *source) offset(l file.Location) int {
	return s.bytes[min(max(l.From, 0), len(s.bytes)-1)]
}

// end returns the offset just behind the last character that is not a space.
func (s *source) end() int { return len(strings.TrimRight(s.text, " \t\r\n")) }

// checkNumber refuses what the parser reads as a number and people do not.
func (t token) checkNumber() error {
	v := t.Value
	x, err := numeral.Parse(v)
	if errors.Is(err, numeral.ErrNone) {
		return errorf(t.offset, "%s is not a decimal number", v)
	}
	if err != nil {
		return errorf(t.offset, "%v", err)
	}
	if !strings.ContainsAny(v, ".eE") && x >= math.MaxInt64 {
		return errorf(t.offset, "the integer %s is too large; write it with an exponent", v)
	}
	return nil
}

// advice says what to write instead of a token that is refused.
var advice = map[string]string{
	"**": "write ^ for powers",
	"%":  "there is no remainder operator",
	"&&": "write and",
	"||": "write or",
	"!":  "write not",
	"=":  "write == to compare",
	";":  "an expression is one formula",
	"|":  "there are no pipes",
	".":  "there is no member access",
	"?.": "put a space behind the question mark",
	"{":  "there are no braces",
	"}":  "there are no braces",
}

func (t token) unexpected() error {
	v := t.Value
	if a, ok := advice[v]; ok {
		return errorf(t.offset, "unexpected %s: %s", v, a)
	}
	if v == "[" || v == "]" {
		return errorf(t.offset, "unexpected %s: there is no indexing", v)
	}
	return errorf(t.offset, "unexpected %s", v)
}

// parse runs the parser over text whose tokens have been accepted.
func (s *source) parse() (n ast.Node, err error) {
	defer func() { // the parser is not ours; a fault in it is the expression's
		if r := recover(); r != nil {
			n, err = nil, errorf(0, "the expression cannot be parsed")
		}
	}()
	tree, perr := parser.Parse(s.text)
	if perr != nil {
		var e *file.Error
		if !errors.As(perr, &e) {
			return nil, errorf(0, "%v", perr)
		}
		if strings.Contains(e.Message, "maximum allowed nodes") {
			return nil, errorf(0, "the expression has more than 10 000 operations")
		}
		if strings.Contains(e.Message, "EOF") || strings.Contains(e.Message, "unexpected end") {
			return nil, errorf(s.end(), "the expression ends too early")
		}
		at := s.offset(e.Location)
		for _, t := range s.tokens {
			if t.offset == at && t.Kind != lexer.EOF {
				return nil, t.unexpected()
			}
		}
		return nil, errorf(at, "%s", e.Message)
	}
	return tree.Node, nil
}
