package doc

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"almoner.dev/almoner"
)

// ErrTooLong tells that a sheet has no room for another row.
var ErrTooLong = errors.New("doc: the sheet is full")

// maxRows is how many rows a sheet of a workbook holds, the header among them.
const maxRows = excelize.TotalRows

// XLSX is a workbook of one sheet being written: the header, bold and in sight while one scrolls, then rows. Rows go to a file in the folder for temporary
// files once there are many, so that memory stays bounded. Create one with NewXLSX, end it with Close in any case. Not safe for concurrent use.
type XLSX struct {
	out   io.Writer
	file  *excelize.File
	sheet *excelize.StreamWriter
	width int
	rows  int
}

// NewXLSX starts a workbook that is written to w by Finish. Its temporary files are made in dir, or where the system has them when dir is empty. With
// rtl the first column is at the right.
func NewXLSX(w io.Writer, dir string, header []string, rtl bool) (*XLSX, error) {
	x := &XLSX{out: w, file: excelize.NewFile(excelize.Options{TmpDir: dir}), width: len(header)}
	err := x.begin(header, rtl)
	if err != nil {
		_ = x.file.Close() // the first error is the one to tell
		return nil, fmt.Errorf("start a workbook: %w", err)
	}
	return x, nil
}

func (x *XLSX) begin(header []string, rtl bool) error {
	if rtl {
		if err := x.file.SetSheetView("Sheet1", 0, &excelize.ViewOptions{RightToLeft: &rtl}); err != nil {
			return err
		}
	}
	bold, err := x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if x.sheet, err = x.file.NewStreamWriter("Sheet1"); err != nil {
		return err
	}
	if err := x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(header))
	for i, title := range header {
		cells[i] = excelize.Cell{StyleID: bold, Value: inert(title)}
	}
	x.rows = 1
	return x.sheet.SetRow("A1", cells)
}

// Row writes one row, of as many cells as the header has: string, int64, float64, bool, almoner.Decimal, nil for an empty one. Texts are texts, whatever they begin with: a
// spreadsheet runs none of them. ErrTooLong when the sheet is full.
func (x *XLSX) Row(cells []any) error {
	if len(cells) != x.width {
		return fmt.Errorf("doc: a row of %d cells in a sheet of %d columns", len(cells), x.width)
	}
	if x.rows == maxRows {
		return ErrTooLong
	}
	x.rows++
	at, err := excelize.CoordinatesToCellName(1, x.rows)
	if err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	safe := make([]any, len(cells))
	for i, c := range cells {
		if text, ok := c.(string); ok {
			c = inert(text)
		}
		if d, ok := c.(almoner.Decimal); ok {
			c, _ = strconv.ParseFloat(d.String(), 64) // a spreadsheet has no other numbers
		}
		safe[i] = c
	}
	if err := x.sheet.SetRow(at, safe); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// Finish writes the workbook.
func (x *XLSX) Finish() error {
	if err := x.sheet.Flush(); err != nil {
		return fmt.Errorf("end a workbook: %w", err)
	}
	if _, err := x.file.WriteTo(x.out); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// Close drops what is held, temporary files among it. What was not finished is lost.
func (x *XLSX) Close() error {
	if err := x.file.Close(); err != nil {
		return fmt.Errorf("close a workbook: %w", err)
	}
	return nil
}

// maxCell is how much text a cell holds.
const maxCell = excelize.TotalCellChars

// inert is a text as a sheet can hold it: without the signs that XML does not have, no longer than a cell, and not looking like a formula to programs
// that read cells as if they had been typed.
func inert(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	text = Plain(text)
	if utf8.RuneCountInString(text) > maxCell {
		letters := []rune(text)
		text = string(letters[:maxCell-1]) + "…"
	}
	return text
}
