package study

import (
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
	scalar
	sequence
	mapping
)

func (k kind) String() string {
	return [...]string{"nothing", "a value", "a list [..]", "a mapping {..}"}[k]
}

// style is how a scalar is written.
type style uint8

const (
	plain style = iota
	single
	double
	block
)

// value is a YAML value with its place; the only form in which the rest of the
// package sees YAML.
type value struct {
	kind         kind
	line, column int
	path         string // "sample.columns.a"
	text         string // of a scalar
	style        style
	items        []*value // of a sequence
	entries      []entry  // of a mapping
}

type entry struct {
	key          string
	line, column int
	value        *value
}

// get returns the value of a key, or nil.
func (v *value) get(key string) *value {
	for i := range v.entries {
		if v.entries[i].key == key {
			return v.entries[i].value
		}
	}
	return nil
}

// document is a study's text and its name, and the settings that change it.
type document struct {
	name string
	text string
	sets []set
}

func (d *document) errorAt(line, column int, key, format string, args ...any) *Error {
	if s := d.settingOf(key); s != nil {
		if key == s.key {
			key = ""
		}
		return &Error{File: s.name(), Key: key, Msg: fmt.Sprintf(format, args...)}
	}
	return &Error{File: d.name, Line: max(line, 1), Column: max(column, 1), Key: key, Msg: fmt.Sprintf(format, args...)}
}

func (d *document) errorf(v *value, format string, args ...any) *Error {
	return d.errorAt(v.line, v.column, v.path, format, args...)
}

// Limits checked before the YAML parser, which recurses and has none of its own.
const (
	maxText   = 1 << 20
	maxDepth  = 100      // of brackets
	maxIndent = 200      // columns of indentation, list dashes included
	maxLine   = 80 << 10 // room for an expression of the largest length
	// maxColons bounds the keys of the file, in which the parser is quadratic, and
	// maxEntries those of one mapping; a list may be as long as the file.
	maxColons  = 5000
	maxEntries = 1000
)

// guard refuses texts that are no study and would cost the parser too much.
func (d *document) guard() error {
	if len(d.text) > maxText {
		return d.errorAt(1, 1, "", "the file is larger than 1 MiB; a study is a short text, and data belong in files of their own")
	}
	if strings.Count(d.text, ":") > maxColons {
		return d.errorAt(1, 1, "", "the file has more than %d colons", maxColons)
	}
	line, column, depth, leading := 1, 0, 0, true
	for i, c := range d.text {
		column++
		leading = leading && strings.ContainsRune(" \t-?:", c)
		switch {
		case c == '\n':
			line, column, leading = line+1, 0, true
		case c == utf8.RuneError && !strings.HasPrefix(d.text[i:], "\ufffd"):
			return d.errorAt(line, column, "", "this is not UTF-8 text")
		case c < ' ' && c != '\t' && c != '\r' || c == 0x7f:
			return d.errorAt(line, column, "", "a control character is no part of a study")
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth = max(depth-1, 0)
		}
		if depth > maxDepth || column > maxLine || leading && column > maxIndent {
			return d.errorAt(line, column, "", "the line is too long, indented too far or nested too deep for a study")
		}
	}
	return nil
}

// parse returns the top-level mapping.
func (d *document) parse() (*value, error) {
	root, err := d.value("")
	if err != nil {
		return nil, err
	}
	expected := "the keys " + strings.Join(required, ", ")
	switch root.kind {
	case null:
		return nil, d.errorAt(1, 1, "", "the file is empty; expected a study with %s", expected)
	case mapping:
		return root, nil
	}
	return nil, d.errorAt(root.line, root.column, "", "expected a mapping with %s", expected)
}

// value returns the text's value, whose path is given; null if there is none.
func (d *document) value(path string) (root *value, err error) {
	if err := d.guard(); err != nil {
		return nil, err
	}
	defer func() { // the parser is not ours; a fault in it is the file's
		if r := recover(); r != nil {
			root, err = nil, d.errorAt(1, 1, "", "this cannot be read as YAML")
		}
	}()
	file, perr := parser.ParseBytes([]byte(d.text), 0, parser.AllowDuplicateMapKey())
	if perr != nil {
		return nil, d.syntax(perr)
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
		return &value{path: path, line: 1, column: 1}, nil
	case 1:
		return d.convert(bodies[0], path, false)
	}
	return nil, d.at(bodies[1], "", "a study is one YAML document; this is a second one")
}

// syntax turns the YAML parser's error into ours.
func (d *document) syntax(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil || e.GetToken().Position == nil {
		return d.errorAt(1, 1, "", "this cannot be read as YAML")
	}
	p := e.GetToken().Position
	msg := e.GetMessage()
	if lines := strings.Split(d.text, "\n"); p.Line <= len(lines) && strings.HasPrefix(strings.TrimLeft(lines[max(p.Line, 1)-1], " "), "\t") {
		msg = "a tab indents the line; use spaces"
	} else if strings.Contains(msg, "mapping value is not allowed") {
		msg = `a value that contains ": " needs quotes: '..'`
	} else {
		msg += `; an expression that contains , : # [ ] { } " or ' needs quotes`
	}
	return d.errorAt(p.Line, p.Column, "", "%s", msg)
}

func (d *document) at(n ast.Node, path, format string, args ...any) *Error {
	t := first(n)
	return d.errorAt(t.Position.Line, t.Position.Column, path, format, args...)
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
func (d *document) convert(n ast.Node, path string, flow bool) (*value, error) {
	p := first(n).Position
	v := &value{line: p.Line, column: p.Column, path: path}
	switch n := n.(type) {
	case *ast.StringNode:
		v.kind, v.text = scalar, n.Value
		switch n.Token.Type {
		case token.SingleQuoteType:
			v.style = single
		case token.DoubleQuoteType:
			v.style = double
		}
		if flow && v.style == plain && strings.Count(n.Value, "(") > strings.Count(n.Value, ")") {
			return nil, d.errorf(v, "a comma ends the value inside { } and [ ]: quote it, '%s, ..'", n.Value)
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		v.kind, v.text = scalar, n.GetToken().Value
	case *ast.LiteralNode:
		v.kind, v.text, v.style = scalar, n.Value.Value, block
	case *ast.NullNode:
	case *ast.NanNode, *ast.InfinityNode:
		return nil, d.errorf(v, "expected a finite number, found %s", n.GetToken().Value)
	case *ast.SequenceNode:
		v.kind = sequence
		for i, item := range n.Values {
			w, err := d.convert(item, fmt.Sprintf("%s[%d]", path, i+1), n.IsFlowStyle)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, w)
		}
	case *ast.MappingNode:
		v.kind = mapping
		for _, e := range n.Values {
			if err := d.addEntry(v, e, n.IsFlowStyle); err != nil {
				return nil, err
			}
		}
	case *ast.MappingValueNode:
		v.kind = mapping
		if err := d.addEntry(v, n, flow); err != nil {
			return nil, err
		}
	case *ast.AnchorNode:
		return nil, d.errorf(v, "anchors are not part of a study; write the value out")
	case *ast.AliasNode:
		return nil, d.errorf(v, "aliases are not part of a study; write the value out")
	case *ast.TagNode:
		return nil, d.errorf(v, "tags are not part of a study; leave out %s", n.GetToken().Value)
	default:
		return nil, d.errorf(v, "this kind of YAML is not part of a study")
	}
	return v, nil
}

func (d *document) addEntry(v *value, e *ast.MappingValueNode, flow bool) error {
	p := first(e.Key).Position
	var name string
	switch k := e.Key.(type) {
	case *ast.StringNode:
		name = k.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		name = k.GetToken().Value
	case *ast.MergeKeyNode:
		return d.errorAt(p.Line, p.Column, v.path, "merge keys are not part of a study; write the entries out")
	case *ast.AnchorNode:
		return d.errorAt(p.Line, p.Column, v.path, "anchors are not part of a study")
	case *ast.AliasNode:
		return d.errorAt(p.Line, p.Column, v.path, "aliases are not part of a study")
	case *ast.TagNode:
		return d.errorAt(p.Line, p.Column, v.path, "tags are not part of a study")
	default:
		return d.errorAt(p.Line, p.Column, v.path, "expected a name as key")
	}
	path := join(v.path, name)
	if len(v.entries) == maxEntries {
		return d.errorAt(p.Line, p.Column, v.path, "more than %d entries", maxEntries)
	}
	for _, before := range v.entries {
		if before.key == name {
			return d.errorAt(p.Line, p.Column, path, "the key is there twice; the first is in line %d", before.line)
		}
	}
	w, err := d.convert(e.Value, path, flow)
	if err != nil {
		return err
	}
	if w.kind == null {
		w.line, w.column = p.Line, p.Column // an empty value has no place of its own
	}
	v.entries = append(v.entries, entry{name, p.Line, p.Column, w})
	return nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
