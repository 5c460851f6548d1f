// Package document is the text of a study as a tree of values with their places: strict YAML,
// readings by type, and errors that name where they are.
package document

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// kind is what a YAML value is.
type kind uint8

const (
	null kind = iota
	Scalar
	Sequence
	Mapping
	notFinite // .nan or .inf, which no key takes
)

func (k kind) String() string {
	return [...]string{"nothing", "a value", "a list [..]", "a mapping {..}", "no finite number"}[k]
}

// style is how a scalar is written.
type style uint8

const (
	Plain style = iota
	Single
	double
	block
)

// value is a YAML value with its place; the only form in which the rest of the
// package sees YAML.
type Value struct {
	Kind         kind
	Line, Column int
	Path         string // "sample.columns.a"
	Text         string // of a scalar, and of what is not finite
	Style        style
	Items        []*Value // of a sequence
	Entries      []Member // of a mapping
}

type Member struct {
	Key          string
	Line, Column int
	Value        *Value
}

// get returns the value of a key, or nil.
func (v *Value) Get(key string) *Value {
	for i := range v.Entries {
		if v.Entries[i].Key == key {
			return v.Entries[i].Value
		}
	}
	return nil
}

// document is a study's text and its name, and the settings that change it.
type Document struct {
	Name   string
	Text   string // once it is parsed, without the line ends of other systems
	source string // as it was given
	sets   []set
}

func (d *Document) ErrorAt(line, column int, key, format string, args ...any) *Error {
	if s := d.settingOf(key); s != nil {
		if key == s.key {
			key = ""
		}
		return &Error{File: s.name(), Key: key, Msg: fmt.Sprintf(format, args...)}
	}
	return &Error{File: d.Name, Line: max(line, 1), Column: max(column, 1), Key: key, Msg: fmt.Sprintf(format, args...)}
}

func (d *Document) Errorf(v *Value, format string, args ...any) *Error {
	return d.ErrorAt(v.Line, v.Column, v.Path, format, args...)
}

// Limits checked before the YAML parser, which recurses and has none of its own.
const (
	MaxText   = 1 << 20
	maxDepth  = 100      // of brackets
	maxIndent = 200      // columns of indentation, list dashes included
	maxLine   = 80 << 10 // room for an expression of the largest length
	// maxColons bounds the keys of the file, in which the parser is quadratic, and
	// maxEntries those of one mapping; a list may be as long as the file.
	maxColons  = 5000
	maxEntries = 1000
)

// guard refuses texts that are no study and would cost the parser too much.
func (d *Document) guard() error {
	if len(d.Text) > MaxText {
		return d.ErrorAt(1, 1, "", "the file is larger than 1 MiB; a study is a short text, and data belong in files of their own")
	}
	if strings.Count(d.Text, ":") > maxColons {
		return d.ErrorAt(1, 1, "", "the file has more than %d colons", maxColons)
	}
	line, column, depth, leading := 1, 0, 0, true
	for i, c := range d.Text {
		column++
		leading = leading && strings.ContainsRune(" \t-?:", c)
		switch {
		case c == '\n':
			line, column, leading = line+1, 0, true
		case c == utf8.RuneError && !strings.HasPrefix(d.Text[i:], "\ufffd"):
			return d.ErrorAt(line, column, "", "this is not UTF-8 text")
		case c < ' ' && c != '\t' || c == 0x7f:
			return d.ErrorAt(line, column, "", "a control character is no part of a study")
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth = max(depth-1, 0)
		}
		if depth > maxDepth || column > maxLine || leading && column > maxIndent {
			return d.ErrorAt(line, column, "", "the line is too long, indented too far or nested too deep for a study")
		}
	}
	return nil
}

// parse returns the top-level mapping.
func (d *Document) Parse() (*Value, error) {
	root, err := d.value("")
	if err != nil {
		return nil, err
	}
	expected := "the keys " + strings.Join(Required, ", ")
	switch root.Kind {
	case null:
		return nil, d.ErrorAt(1, 1, "", "the file is empty; expected a study with %s", expected)
	case Mapping:
		return root, nil
	}
	return nil, d.ErrorAt(root.Line, root.Column, "", "expected a mapping with %s", expected)
}

// plainLines turns the line ends of all systems, which YAML takes alike, into the one that places count.
var plainLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// value returns the text's value, whose path is given; null if there is none.
func (d *Document) value(path string) (root *Value, err error) {
	d.source, d.Text = d.Text, plainLines.Replace(strings.TrimPrefix(d.Text, "\ufeff"))
	if err := d.guard(); err != nil {
		return nil, err
	}
	defer func() { // the parser is not ours; a fault in it is the file's
		if r := recover(); r != nil {
			root, err = nil, d.ErrorAt(1, 1, "", "this cannot be read as YAML")
		}
	}()
	file, perr := parser.ParseBytes([]byte(d.Text), 0, parser.AllowDuplicateMapKey())
	if perr != nil {
		return nil, syntax(d, perr)
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if _, ok := doc.Body.(*ast.DirectiveNode); ok {
			return nil, d.at(doc.Body, "", "YAML directives are not part of a study")
		}
		bodies = append(bodies, doc.Body)
	}
	switch len(bodies) {
	case 0:
		return &Value{Path: path, Line: 1, Column: 1}, nil
	case 1:
		return d.convert(bodies[0], path, false)
	}
	return nil, d.at(bodies[1], "", "a study is one YAML document; this is a second one")
}

// brackets says of the YAML parser's messages about brackets what is missing.
var brackets = map[string]string{
	"sequence end token ']' not found":                  "the [ has no ] that closes it",
	"could not find flow mapping end token '}'":         "the { has no } that closes it",
	"could not find '[' character corresponding to ']'": "the ] has no [ that it closes",
	"could not find '{' character corresponding to '}'": "the } has no { that it closes",
	"',' or ']' must be specified":                      "the list in [ ] needs a comma between its entries, or a ] at its end",
	"',' or '}' must be specified":                      "the mapping in { } needs a comma between its entries, or a } at its end",
}

// syntax turns the YAML parser's error into ours.
func syntax(d *Document, err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil || e.GetToken().Position == nil {
		return d.ErrorAt(1, 1, "", "this cannot be read as YAML")
	}
	p := e.GetToken().Position
	msg := e.GetMessage()
	if lines := strings.Split(d.Text, "\n"); p.Line <= len(lines) && strings.HasPrefix(strings.TrimLeft(lines[max(p.Line, 1)-1], " "), "\t") {
		msg = "a tab indents the line; use spaces"
	} else if strings.Contains(msg, "mapping value is not allowed") {
		msg = `a value that contains ": " needs quotes: '..'`
	} else {
		msg = cmp.Or(brackets[msg], msg) + `; an expression that contains , : # [ ] { } " or ' needs quotes`
	}
	return d.ErrorAt(p.Line, p.Column, "", "%s", msg)
}

func (d *Document) at(n ast.Node, path, format string, args ...any) *Error {
	t := first(n)
	return d.ErrorAt(t.Position.Line, t.Position.Column, path, format, args...)
}

// first returns the token where n begins.
func first(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return first(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return first(n.Key)
	}
	return n.GetToken()
}

// convert accepts nodes by type and refuses all others.
func (d *Document) convert(n ast.Node, path string, flow bool) (*Value, error) {
	p := first(n).Position
	v := &Value{Line: p.Line, Column: p.Column, Path: path}
	switch n := n.(type) {
	case *ast.StringNode:
		v.Kind, v.Text = Scalar, n.Value
		switch n.Token.Type {
		case token.SingleQuoteType:
			v.Style = Single
		case token.DoubleQuoteType:
			v.Style = double
		}
		if flow && v.Style == Plain && strings.Count(n.Value, "(") > strings.Count(n.Value, ")") {
			return nil, d.Errorf(v, "a comma ends the value inside { } and [ ]: quote it, '%s, ..'", n.Value)
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		v.Kind, v.Text = Scalar, n.GetToken().Value
	case *ast.LiteralNode:
		v.Kind, v.Text, v.Style = Scalar, n.Value.Value, block
	case *ast.NullNode:
	case *ast.NanNode, *ast.InfinityNode:
		v.Kind, v.Text = notFinite, n.GetToken().Value
	case *ast.SequenceNode:
		v.Kind = Sequence
		for i, item := range n.Values {
			w, err := d.convert(item, fmt.Sprintf("%s[%d]", path, i+1), n.IsFlowStyle)
			if err != nil {
				return nil, err
			}
			v.Items = append(v.Items, w)
		}
	case *ast.MappingNode:
		v.Kind = Mapping
		for _, e := range n.Values {
			if err := d.addEntry(v, e, n.IsFlowStyle); err != nil {
				return nil, err
			}
		}
	case *ast.MappingValueNode:
		v.Kind = Mapping
		if err := d.addEntry(v, n, flow); err != nil {
			return nil, err
		}
	case *ast.AnchorNode:
		return nil, d.Errorf(v, "anchors are not part of a study; write the value out")
	case *ast.AliasNode:
		return nil, d.Errorf(v, "aliases are not part of a study; write the value out")
	case *ast.TagNode:
		return nil, d.Errorf(v, "tags are not part of a study; leave out %s", n.GetToken().Value)
	default:
		return nil, d.Errorf(v, "this kind of YAML is not part of a study")
	}
	return v, nil
}

func (d *Document) addEntry(v *Value, e *ast.MappingValueNode, flow bool) error {
	p := first(e.Key).Position
	var name string
	switch k := e.Key.(type) {
	case *ast.StringNode:
		name = k.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		name = k.GetToken().Value
	case *ast.MergeKeyNode:
		return d.ErrorAt(p.Line, p.Column, v.Path, "merge keys are not part of a study; write the entries out")
	case *ast.AnchorNode:
		return d.ErrorAt(p.Line, p.Column, v.Path, "anchors are not part of a study")
	case *ast.AliasNode:
		return d.ErrorAt(p.Line, p.Column, v.Path, "aliases are not part of a study")
	case *ast.TagNode:
		return d.ErrorAt(p.Line, p.Column, v.Path, "tags are not part of a study")
	default:
		return d.ErrorAt(p.Line, p.Column, v.Path, "expected a name as key")
	}
	path := join(v.Path, name)
	if len(v.Entries) == maxEntries {
		return d.ErrorAt(p.Line, p.Column, v.Path, "more than %d entries", maxEntries)
	}
	for _, before := range v.Entries {
		if before.Key == name {
			return d.ErrorAt(p.Line, p.Column, path, "the key is there twice; the first is in line %d", before.Line)
		}
	}
	w, err := d.convert(e.Value, path, flow)
	if err != nil {
		return err
	}
	if w.Kind == null {
		w.Line, w.Column = p.Line, p.Column // an empty value has no place of its own
	}
	v.Entries = append(v.Entries, Member{name, p.Line, p.Column, w})
	return nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
