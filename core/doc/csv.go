// Package doc writes documents that people take away: tables as CSV and as spreadsheets.
//
// It knows neither HTTP nor modules: it is handed texts and writes bytes.
package doc

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// CSV is a table being written: UTF-8, lines ended by CR LF, the header first. Create one with NewCSV, end it with Close. Not safe for
// concurrent use.
type CSV struct {
	w     *csv.Writer
	width int
}

// NewCSV starts a table with a header, which is written even when no row follows.
func NewCSV(w io.Writer, header []string) (*CSV, error) {
	t := &CSV{w: csv.NewWriter(w), width: len(header)}
	t.w.UseCRLF = true
	return t, t.Row(header)
}

// Row writes one row, of as many cells as the header has. Cells that a spreadsheet would run as a formula are made plain text, see Plain.
func (t *CSV) Row(cells []string) error {
	if len(cells) != t.width {
		return fmt.Errorf("doc: a row of %d cells in a table of %d columns", len(cells), t.width)
	}
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = Plain(c)
	}
	if err := t.w.Write(safe); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// Close writes what is still held back.
func (t *CSV) Close() error {
	t.w.Flush()
	if err := t.w.Error(); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

// Plain returns the text so that a spreadsheet shows it and does not run it: one that begins like a formula gets an apostrophe in front.
// Telephone numbers and plain numbers stay as they are, though they begin with a plus or minus.
func Plain(cell string) string {
	start := strings.TrimLeft(cell, " \t\r\n")
	first, width := utf8.DecodeRuneInString(start)
	if !strings.ContainsRune(formulaStarts, first) {
		return cell
	}
	if (first == '+' || first == '-') && strings.Trim(start[width:], "0123456789 ()-./") == "" {
		return cell
	}
	return "'" + cell
}

// formulaStarts are the characters that make a formula of what follows, in their full-width forms too.
const formulaStarts = "=+-@＝＋－＠"
