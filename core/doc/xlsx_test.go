package doc_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"almoner.dev/almoner/core/doc"
)

func TestXLSX(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var b bytes.Buffer
	x, err := doc.NewXLSX(&b, dir, []string{"Name", "=Visits", "Share", "Open", "Nothing"}, true)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("é", 40_000)
	for _, row := range [][]any{{"مراقبة\nb", int64(7), 0.5, true, nil}, {"=1+1", int64(-1), 1e9, false, "+254 700 000 001"}, {"a\x00b\x0bc", nil, nil, nil, long}} {
		if err := x.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Row([]any{"one cell"}); err == nil {
		t.Error("a row of another width was accepted")
	}
	if err := errors.Join(x.Finish(), x.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Name", "'=Visits", "Share", "Open", "Nothing"}, {"مراقبة\nb", "7", "0.5", "1"}, {"'=1+1", "-1", "1000000000", "0", "+254 700 000 001"}, {"abc", "", "", "", long[:2*32766] + "…"}}
	for i, row := range want {
		for j, cell := range row {
			if i >= len(rows) || j >= len(rows[i]) && cell != "" || j < len(rows[i]) && rows[i][j] != cell {
				t.Errorf("row %d, column %d: got %.80q, want %.80q", i, j, rows[i], cell)
				break
			}
		}
	}
	for _, at := range []string{"A3", "B1"} {
		if formula, err := f.GetCellFormula("Sheet1", at); err != nil || formula != "" {
			t.Errorf("%s is a formula: %q %v", at, formula, err)
		}
	}
	if kind, err := f.GetCellType("Sheet1", "B2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a number is of type %v %v", kind, err)
	}
	if view, err := f.GetSheetView("Sheet1", 0); err != nil || view.RightToLeft == nil || !*view.RightToLeft {
		t.Errorf("the sheet does not run from right to left: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
