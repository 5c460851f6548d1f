package table

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kolmo/compare"
)

// Of returns the table of rows whose fields say by their tags how they are shown.
//
//	C      Number `json:"C" col:"C; ~CError"`
//	CError Number `json:"c_error" col:"+- error; error"`
//
// These are a column C with as many digits as its error leaves, and a column of that error. Fields
// without the tag are not shown, those of an embedded struct are shown in its place, under the
// heads that its tag heads has for theirs: `heads:"model=process eta="` shows no column eta.
// Behind the head stand any of these, separated by blanks.
//
//	.3        so many decimals, of points and intervals too.
//	5g        so many significant digits.
//	~Field    the digits that the error in Field leaves.
//	0~Field   zero where it is below that error.
//	error     rounded up to one digit.
//	..Field   the interval from here to Field.
//	num       a text that stands with the numbers.
//	some      zero is absent.
//	any       the column is left out where no row has a value.
//	nil=text  stands where there is no value.
//	spare     the column is left out where a line has no room.
//	*Field    an asterisk where Field is false.
//	(Field)   the field's name in parentheses where it is true.
//	@head     the column stands before that one.
//
// A learning rate stands as EtaText has it. It panics on a tag of another kind.
func Of[T any](rows []T) Table {
	t := Table{Rows: make([][]Cell, len(rows))}
	list := make([]reflect.Value, len(rows))
	for i := range rows {
		list[i] = reflect.ValueOf(rows[i])
	}
	of := reflect.TypeFor[T]()
	for _, f := range reflect.VisibleFields(of) {
		tag, ok := f.Tag.Lookup("col")
		if !ok {
			continue
		}
		c := newRowColumn(f, tag)
		if outer := f.Index[:len(f.Index)-1]; len(outer) > 0 {
			c.head = renamed(c.head, of.FieldByIndex(outer).Tag.Get("heads"))
		}
		if c.head != "" {
			t.addColumn(c, list)
		}
	}
	return t
}

// renamed returns the head that a tag heads has for another, empty for none.
func renamed(head, heads string) string {
	for _, word := range strings.Fields(heads) {
		if from, to, _ := strings.Cut(word, "="); from == head {
			return to
		}
	}
	return head
}

// rowColumn is how a field is shown.
type rowColumn struct {
	field            reflect.StructField
	head             string
	decimals, digits int // -1: not asked for
	columnNeighbours
	none                string
	zero, error, number bool
	some, any, spare    bool
	before              string
}

// columnNeighbours are the names of other fields of a row that a field is shown with.
type columnNeighbours struct{ err, to, star, also string }

// newRowColumn reads a tag.
func newRowColumn(f reflect.StructField, tag string) rowColumn {
	head, formats, _ := strings.Cut(tag, ";")
	c := rowColumn{field: f, head: strings.TrimSpace(head), decimals: -1, digits: -1}
	for _, word := range strings.Fields(formats) {
		switch {
		case word == "error":
			c.error = true
		case word == "num":
			c.number = true
		case word == "some":
			c.some = true
		case word == "any":
			c.any = true
		case word == "spare":
			c.spare = true
		case strings.HasPrefix(word, "nil="):
			c.none = word[4:]
		case strings.HasPrefix(word, ".."):
			c.to = word[2:]
		case strings.HasPrefix(word, "~"):
			c.err = word[1:]
		case strings.HasPrefix(word, "0~"):
			c.zero, c.err = true, word[2:]
		case strings.HasPrefix(word, "*"):
			c.star = word[1:]
		case strings.HasPrefix(word, "("):
			c.also = strings.Trim(word, "()")
		case strings.HasPrefix(word, "@"):
			c.before = word[1:]
		default:
			c.setDigits(word)
		}
	}
	return c
}

// setDigits reads ".3" or "5g".
func (c *rowColumn) setDigits(word string) {
	to, digits := &c.digits, strings.TrimSuffix(word, "g")
	if strings.HasPrefix(word, ".") {
		to, digits = &c.decimals, word[1:]
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic(fmt.Sprintf("export: the column %q is tagged %q", c.head, word))
	}
	*to = n
}

// addColumn adds a column with its cells.
func (t *Table) addColumn(c rowColumn, rows []reflect.Value) {
	cells := make([]Cell, len(rows))
	found := false
	for i, row := range rows {
		cells[i] = c.cell(row)
		found = found || cells[i].Text != Absent && cells[i].Text != "0"
	}
	if c.any && !found {
		return
	}
	if c.spare {
		t.Spare = append(t.Spare, c.head)
	}
	k := len(t.Head)
	if c.before != "" {
		k = slices.Index(t.Head, c.before)
	}
	t.Head = slices.Insert(t.Head, k, c.head)
	for i := range cells {
		t.Rows[i] = slices.Insert(t.Rows[i], k, cells[i])
	}
}

// cell returns the cell of a row.
func (c *rowColumn) cell(row reflect.Value) Cell {
	v := row.FieldByIndex(c.field.Index)
	out := c.shown(row, v)
	if c.star != "" && out.Text != Absent {
		if s := reflect.Indirect(row.FieldByName(c.star)); s.IsValid() && !s.Bool() {
			out.Text += "*"
		}
	}
	if c.also != "" && row.FieldByName(c.also).Bool() {
		out.Text += " (" + strings.ToLower(c.also) + ")"
	}
	return out
}

// shown returns a value as the tag says.
func (c *rowColumn) shown(row, v reflect.Value) Cell {
	number := func(name string) compare.Number { return compare.Number(row.FieldByName(name).Float()) }
	switch v.Kind() {
	case reflect.Pointer:
		switch {
		case !v.IsNil():
			return c.shown(row, v.Elem())
		case c.none != "":
			return Cell{Text: c.none, Numeric: v.Type().Elem().Kind() == reflect.Float64}
		case v.Type().Elem().Kind() == reflect.Float64:
			return NoCell()
		}
		return TextCell(Absent)
	case reflect.Bool:
		return markCell(v.Bool())
	case reflect.Int:
		if c.some && v.Int() == 0 {
			return NoCell()
		}
		return NumberCell(compare.Number(v.Int()), Int(int(v.Int())))
	case reflect.String:
		out := TextCell(v.String())
		out.Numeric = c.number
		return out
	case reflect.Array:
		return numbersCell(Interval(compare.Number(v.Index(0).Float()), compare.Number(v.Index(1).Float()), c.decimals))
	case reflect.Slice:
		if of, ok := v.Interface().([]int); ok {
			return TextCell(Index(of))
		}
		return pointCell(v.Interface().([]compare.Number), c.decimals)
	}
	x := compare.Number(v.Float())
	switch {
	case c.field.Name == "Eta":
		return EtaCell(float64(x), row.FieldByName("EtaText").String())
	case c.to != "":
		if to := number(c.to); x-x != 0 && to-to != 0 {
			return numbersCell(Absent)
		}
		return numbersCell(Interval(x, number(c.to), c.decimals))
	case c.error:
		return ErrorCell(x)
	case c.zero && math.Abs(float64(x)) <= float64(number(c.err)):
		return NumberCell(x, "0")
	case c.digits >= 0:
		return SignificantCell(x, c.digits)
	case c.decimals >= 0:
		return FixedCell(x, c.decimals)
	case c.err != "":
		return ValueCell(x, number(c.err))
	}
	return SignificantCell(x, -1)
}

// Index writes a multi-index.
func Index(j []int) string {
	s := make([]string, len(j))
	for k, m := range j {
		s[k] = Int(m)
	}
	return "(" + strings.Join(s, ",") + ")"
}
