package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"kolmo/compare"
	"kolmo/export/kinds"
	"kolmo/export/table"
	"kolmo/export/view"
	"kolmo/internal/madeup"
)

// fill sets all fields of a row, a different value each time: numbers that need all
// digits, texts with commas, quotes and line ends, lists of two, some of them null.
func fill(v reflect.Value, next *int) {
	*next++
	switch v.Kind() {
	case reflect.Float64:
		v.SetFloat(math.Sqrt(float64(*next)))
		if *next%7 == 0 && v.Type() == reflect.TypeFor[compare.Number]() {
			v.SetFloat(math.NaN())
		}
	case reflect.Int:
		v.SetInt(int64(*next))
	case reflect.Bool:
		v.SetBool(*next%2 == 0)
	case reflect.String:
		v.SetString("text, \"" + strconv.Itoa(*next) + "\"\nof two lines")
	case reflect.Pointer:
		if *next%3 != 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), next)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), next)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), next)
		}
	}
}

// everything has three rows of everything that a result may have.
func everything() *compare.Result {
	r, next := new(compare.Result), 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[compare.Result]()) {
		list := reflect.ValueOf(r).Elem().FieldByIndex(f.Index)
		switch list.Interface().(type) {
		case []string, []compare.ModelInfo, []compare.Choice, []compare.FieldFile, []compare.Raster, []compare.FieldSet:
			continue // no rows
		}
		if list.Kind() != reflect.Slice {
			continue
		}
		list.Set(reflect.MakeSlice(list.Type(), 3, 3))
		for i := range 3 {
			fill(list.Index(i), &next)
		}
	}
	// The models of two gaps beside each other; rows of different lengths.
	r.Gap[1].Observable, r.Gap[1].Eta, r.Gap[2].X = r.Gap[0].Observable, r.Gap[0].Eta, nil
	r.Gap[0].Model, r.Gap[1].Model, r.Gap[2].Model = "second-order", "modified", "modified"
	r.Constant[0].T, r.Constant[0].Predicted = nil, 1
	r.Constant[1].T, r.Constant[1].Predicted = nil, compare.Number(math.NaN())
	return r
}

// strict reads a CSV file as readers with a header do.
func strict(t *testing.T, name string, text []byte) (head []string, records []map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll() // wants equally many cells
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %v, %d lines", name, err, len(rows))
	}
	head = rows[0]
	snake := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	for i, h := range head {
		if !snake.MatchString(h) || slices.Contains(head[:i], h) {
			t.Errorf("%s: column %q, want unique names in snake case", name, h)
		}
	}
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[head[i]] = v
		}
		records = append(records, m)
	}
	return head, records
}

// texts are the columns that are no numbers and no truth values.
var texts = []string{"observable", "model", "process", "eta_text", "eta0_text", "of", "space", "scheme", "closed_by", "verdict", "reason", "t_half_reason", "root", "step", "well"}

// Every CSV file is rectangular, with unique names in snake case, and has one number,
// truth value or text per cell, of one kind per column.
func TestTablesAreTyped(t *testing.T) {
	t.Parallel()
	r := everything()
	for _, f := range allFiles() {
		var b bytes.Buffer
		if err := f.Table(r).Write(&b); err != nil {
			t.Fatal(err)
		}
		head, records := strict(t, f.Name, b.Bytes())
		for _, h := range head {
			if slices.Contains(texts, h) {
				continue
			}
			for _, row := range records {
				v := row[h]
				_, isNumber := strconv.ParseFloat(v, 64)
				if _, isBool := strconv.ParseBool(v); v != "" && isNumber != nil && isBool != nil {
					t.Errorf("%s, %s: %q is no number", f.Name, h, v)
				}
			}
		}
	}
}

// Rows have what results.json has, to the last bit.
func TestTablesHaveAllKeys(t *testing.T) {
	t.Parallel()
	r := everything()
	for name, list := range map[string]any{
		CSVFile: r.Gap, "constant.csv": r.Constant, "local-error.csv": r.LocalError, "decay.csv": r.Decay, "decay-eta0.csv": r.DecayLimits,
		"moments.csv": r.Moments, "horizon.csv": r.Horizon, "horizon-order.csv": r.HorizonOrder, "horizon-slope.csv": r.HorizonTime,
		"stationary.csv": r.Stationary, "mean-shift.csv": r.MeanShift,
	} {
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		var rows []map[string]any
		if err := json.Unmarshal(text, &rows); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := fileNamed(name).Table(r).Write(&b); err != nil {
			t.Fatal(err)
		}
		_, records := strict(t, name, b.Bytes())
		if len(records) != len(rows) {
			t.Fatalf("%s: %d rows, want %d", name, len(records), len(rows))
		}
		for i, row := range rows {
			for key, want := range row {
				column := key
				if s, ok := renamed[key]; ok {
					column = s
				}
				got, ok := records[i][column]
				switch w := want.(type) {
				case float64:
					if v, err := strconv.ParseFloat(got, 64); err != nil || v != w {
						t.Errorf("%s, row %d, %s: %q, want %v", name, i, column, got, w)
					}
				case string:
					if got != w {
						t.Errorf("%s, row %d, %s: %q, want %q", name, i, column, got, w)
					}
				case bool:
					if got != strconv.FormatBool(w) {
						t.Errorf("%s, row %d, %s: %q, want %v", name, i, column, got, w)
					}
				case nil:
					if infinite := name == "constant.csv" && key == "t" && row["predicted"] != nil; ok && got != "" && !(infinite && got == "inf") {
						t.Errorf("%s, row %d, %s: %q, want nothing", name, i, column, got)
					}
				}
			}
		}
	}
	// Infinite times are numbers to readers; what is not predicted has no time.
	table := fileNamed("constant.csv").Table(r)
	at := slices.Index(table.Head, "t")
	if table.Rows[0][at] != "inf" || table.Rows[1][at] != "" {
		t.Errorf("t = %q and %q, want inf and nothing", table.Rows[0][at], table.Rows[1][at])
	}
}

// Curves have a row per point; models are side by side; only what was studied has files.
func TestTablesOfCurvesAndModels(t *testing.T) {
	t.Parallel()
	r := everything()
	dir := t.TempDir()
	read := func(name string) []map[string]string {
		t.Helper()
		var b bytes.Buffer
		if err := fileNamed(name).Table(r).Write(&b); err != nil {
			t.Fatal(err)
		}
		_, records := strict(t, name, b.Bytes())
		return records
	}
	number := func(v float64) string { return table.CSVNumber(compare.Number(v)) }
	for name, want := range map[string]map[string]string{
		"gap-time.csv":         {"t": number(r.Curves[2].T[1]), "gap": number(r.Curves[2].Gap[1])},
		"local-error-time.csv": {"t": number(r.LocalCurves[2].T[1]), "rho": number(r.LocalCurves[2].Rho[1]), "sum": number(r.LocalCurves[2].Sum[1]), "gap": number(r.LocalCurves[2].Gap[1])},
		"decay-time.csv":       {"j1": strconv.Itoa(r.DecayCurves[2].J[0]), "j2": strconv.Itoa(r.DecayCurves[2].J[1]), "t": number(r.DecayCurves[2].T[1]), "sup": number(r.DecayCurves[2].Sup[1])},
		"horizon-time.csv":     {"t": table.CSVNumber(r.Horizon[2].Times[1]), "gap": table.CSVNumber(r.Horizon[2].Gap[1]), "error": table.CSVNumber(r.Horizon[2].Error[1])},
	} {
		records := read(name)
		if len(records) != 6 {
			t.Errorf("%s: %d rows, want two points of three curves", name, len(records))
			continue
		}
		for column, v := range want {
			if got := records[5][column]; got != v {
				t.Errorf("%s, %s: %q, want %q", name, column, got, v)
			}
		}
	}
	models := read("models.csv")
	if len(models) != 4 { // two observables, two learning rates
		t.Fatalf("models.csv: %d rows", len(models))
	}
	found := false
	for _, row := range models {
		found = found || row["second_order_gap"] == table.CSVNumber(r.Gap[0].Gap) && row["modified_gap"] == table.CSVNumber(r.Gap[1].Gap) && row["modified_certified"] == strconv.FormatBool(r.Gap[1].Certified)
	}
	if !found {
		t.Errorf("models.csv has no row with both models: %v", models)
	}
	of := map[string]int{}
	for _, row := range read("order.csv") {
		of[row["of"]]++
	}
	if len(of) != 5 || of["gap"] != 3 || of["mean-shift"] != 3 {
		t.Errorf("order.csv: %v", of)
	}
	// Files of an earlier run that this one does not have are removed.
	if err := os.WriteFile(filepath.Join(dir, "decay.csv"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeAll(dir, madeup.Result(1), someMeta(), 20); err != nil {
		t.Fatal(err)
	}
	for _, f := range allFiles() {
		_, err := os.Stat(filepath.Join(dir, f.Name))
		if want := slices.Contains([]string{CSVFile, "gap-time.csv", "order.csv", "models.csv"}, f.Name); want != (err == nil) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// allFiles are the CSV files of all kinds.
func allFiles() []view.File {
	var files []view.File
	for _, k := range kinds.All() {
		files = append(files, k.Files...)
	}
	return files
}

// fileNamed returns the CSV file of a name.
func fileNamed(name string) view.File {
	files := allFiles()
	return files[slices.IndexFunc(files, func(f view.File) bool { return f.Name == name })]
}

// renamed are the keys of results.json that have another name in CSV files.
var renamed = map[string]string{"T": "t_half", "T_error": "t_half_error", "T_reason": "t_half_reason", "C": "c", "J": "j"}
