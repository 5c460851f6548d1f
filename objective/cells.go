package objective

import "strings"

// cells is a text of lines of cells.
type cells struct {
	text      string
	separator byte
	comment   string // begins lines that are no rows; "" for none
	cr        bool   // lines end in a carriage return alone
	comments  int    // that row has passed
}

// rawCell is a cell as it stands in the text.
type rawCell struct {
	text    string // without quotes and without blanks around it
	trimmed bool   // of blanks
	end     int    // the separator behind it, the line's end or the text's
}

// blank reports whether a byte means nothing at a cell's ends.
func (c *cells) blank(b byte) bool { return b == ' ' || b == '\t' && c.separator != '\t' }

// lineEnd reports whether a line ends at i: before "\n", "\r\n", a carriage return
// if lines end so, or the text's end.
func (c *cells) lineEnd(i int) bool {
	if i >= len(c.text) {
		return true
	}
	switch c.text[i] {
	case '\n':
		return true
	case '\r':
		return c.cr || i+1 >= len(c.text) || c.text[i+1] == '\n'
	}
	return false
}

// next returns the beginning of the line behind the end i of another.
func (c *cells) next(i int) int {
	if i < len(c.text) && c.text[i] == '\r' && !c.cr {
		i++
	}
	return min(i+1, len(c.text))
}

// at returns the cell that begins at an offset, quotes doubled within quotes
// standing for one (RFC 4180). The error is a *TableError.
func (c *cells) at(start int) (rawCell, error) {
	i := start
	for i < len(c.text) && c.blank(c.text[i]) {
		i++
	}
	if i < len(c.text) && c.text[i] == '"' {
		return c.quotedAt(i)
	}
	from := i
	for !c.lineEnd(i) && c.text[i] != c.separator {
		switch c.text[i] {
		case '"':
			return rawCell{}, c.fault(i, `a quote stands inside a cell without quotes; write "..""..", quotes around the cell and two for one`)
		case '\r':
			return rawCell{}, c.fault(i, "a carriage return stands inside a cell; save the file with one kind of line ends")
		}
		if i++; i-from > maxCell {
			return rawCell{}, c.fault(from, "the cell is longer than 1 MiB")
		}
	}
	to := i
	for to > from && c.blank(c.text[to-1]) {
		to--
	}
	return rawCell{text: c.text[from:to], trimmed: from > start || to < i, end: i}, nil
}

func (c *cells) quotedAt(open int) (rawCell, error) {
	i, doubled := open+1, false
	for {
		k := strings.IndexByte(c.text[i:min(len(c.text), open+maxCell)], '"')
		if k < 0 && open+maxCell < len(c.text) {
			return rawCell{}, c.fault(open, "the cell in quotes is longer than 1 MiB; its closing quote may be missing")
		}
		if k < 0 {
			return rawCell{}, c.fault(open, "the cell that starts here has no closing quote")
		}
		if i += k + 1; i >= len(c.text) || c.text[i] != '"' {
			break
		}
		doubled = true
		i++
	}
	text := c.text[open+1 : i-1]
	if doubled {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for i < len(c.text) && c.blank(c.text[i]) {
		i++
	}
	if !c.lineEnd(i) && c.text[i] != c.separator {
		return rawCell{}, c.fault(i, `text stands behind a closing quote; inside quotes a quote is written ""`)
	}
	return rawCell{text: text, end: i}, nil
}

// row is a line of cells.
type row struct {
	offset int
	starts []uint32
	cells  []rawCell
	end    int // of the line
}

// row reads the next row from the offset i on, over empty and comment lines, into r
// and returns the offset behind it; ok is false at the text's end.
func (c *cells) row(i int, r *row) (next int, ok bool, err error) {
	for {
		if i >= len(c.text) {
			return i, false, nil
		}
		if c.comment != "" && strings.HasPrefix(c.text[i:], c.comment) {
			i = c.lineAfter(i)
			c.comments++
			continue
		}
		k := i
		for k < len(c.text) && c.blank(c.text[k]) {
			k++
		}
		if !c.lineEnd(k) {
			break
		}
		i = c.next(k)
	}
	r.offset, r.starts, r.cells = i, r.starts[:0], r.cells[:0]
	for {
		if len(r.cells) == maxColumns {
			return i, false, c.fault(i, "the row has more than %d cells", maxColumns)
		}
		p, err := c.at(i)
		if err != nil {
			return i, false, err
		}
		r.starts, r.cells = append(r.starts, uint32(i)), append(r.cells, p)
		if c.lineEnd(p.end) {
			r.end = p.end
			return c.next(p.end), true, nil
		}
		i = p.end + 1
	}
}

// lineAfter returns where the line behind the one with offset i begins.
func (c *cells) lineAfter(i int) int {
	end := byte('\n')
	if c.cr {
		end = '\r'
	}
	k := strings.IndexByte(c.text[i:], end)
	if k < 0 {
		return len(c.text)
	}
	return i + k + 1
}

// filled returns the number of cells up to the last one that is not empty.
func (r *row) filled() int {
	n := len(r.cells)
	for n > 0 && r.cells[n-1].text == "" {
		n--
	}
	return n
}
