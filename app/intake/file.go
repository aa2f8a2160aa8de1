package intake

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// line is one row of a file; cells must not be kept.
type line struct {
	number int
	cells  []string
}

// fault is a file that is no table.
type fault struct {
	line    int
	message string
}

func (f *fault) Error() string { return f.message }

// eachLine reads a CSV file (RFC 4180, UTF-8, with or without a byte order mark). It gives the header to head and every further row to row. A *fault tells
// what is wrong with the file as a file; what head and row return ends the reading.
func eachLine(dir fs.FS, name string, head func(cells []string) error, row func(l line) error) (err error) {
	f, err := dir.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in := bufio.NewReaderSize(f, 1<<16)
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\ufeff")) {
		_, _ = in.Discard(3)
	}
	r := csv.NewReader(in)
	r.ReuseRecord, r.FieldsPerRecord = true, -1
	for first := true; ; first = false {
		cells, err := r.Read()
		var parse *csv.ParseError
		switch {
		case errors.Is(err, io.EOF) && first:
			return &fault{1, "the file is empty: its first line should name the columns"}
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &parse):
			return &fault{parse.Line, fmt.Sprintf("not a CSV file: %v at character %d", parse.Err, parse.Column)}
		case err != nil:
			return fmt.Errorf("read %s: %w", name, err)
		}
		number, _ := r.FieldPos(0)
		if first {
			err = head(cells)
		} else {
			err = row(line{number, cells})
		}
		if err != nil {
			return err
		}
	}
}
