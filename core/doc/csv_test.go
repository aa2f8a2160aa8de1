package doc_test

import (
	"errors"
	"strings"
	"testing"

	"almoner.dev/almoner/core/doc"
)

func TestCSV(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	table, err := doc.NewCSV(&b, []string{"Name", "Phone"})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]string{{`Say "yes", now`, "+254 (700) 000-001"}, {"two\nlines", "=1+1"}, {"مراقبة", ""}} {
		if err := table.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Row([]string{"one cell"}); err == nil {
		t.Error("a row of another width was accepted")
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	want := "Name,Phone\r\n\"Say \"\"yes\"\", now\",+254 (700) 000-001\r\n\"two\r\nlines\",'=1+1\r\nمراقبة,\r\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":                        "",
		"   ":                     "   ",
		"Nairobi":                 "Nairobi",
		"+254700000001":           "+254700000001",
		"+254 (0) 700-000.001/2":  "+254 (0) 700-000.001/2",
		"-12.5":                   "-12.5",
		"-":                       "-",
		"a=b":                     "a=b",
		"é=1":                     "é=1",
		"=SUM(A1:A9)":             "'=SUM(A1:A9)",
		"  =SUM(A1:A9)":           "'  =SUM(A1:A9)",
		"\t=1":                    "'\t=1",
		"+1+cmd|' /C calc'!A0":    "'+1+cmd|' /C calc'!A0",
		"-2+3":                    "'-2+3",
		"@import":                 "'@import",
		"＝1":                      "'＝1",
		"＋254":                    "'＋254",
		"\xff=1":                  "\xff=1",
		"http://a.example/?b==+-": "http://a.example/?b==+-",
	} {
		if got := doc.Plain(cell); got != want {
			t.Errorf("Plain(%q) = %q, want %q", cell, got, want)
		}
	}
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestCSVTellsThatItCouldNotWrite(t *testing.T) {
	t.Parallel()
	table, err := doc.NewCSV(full{}, []string{"Name"})
	if err == nil {
		err = table.Close()
	}
	if !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}
