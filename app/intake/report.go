package intake

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Report tells what an import did, or would do.
type Report struct {
	Set       string `json:"set"`
	Workspace string `json:"workspace"`
	// DryRun tells that nothing was written.
	DryRun bool `json:"dry_run"`
	// Untouched tells that nothing was written because of the problems.
	Untouched bool         `json:"untouched,omitempty"`
	Files     []FileReport `json:"files"`
	// LetIn counts the people who got a password, see Wish.Password.
	LetIn int `json:"let_in,omitempty"`
	// Untaken are the files of the folder that no module takes.
	Untaken []string `json:"untaken"`
	// Left are those among them that are known, with the reason why nothing is made of them.
	Left map[string]string `json:"left,omitempty"`
	// Problems are what was wrong, in the order of file and line; More counts those that are not listed.
	Problems []Problem `json:"problems"`
	More     int       `json:"more"`
}

// FileReport counts the rows of one file.
type FileReport struct {
	File   string `json:"file"`
	Entity string `json:"entity"`
	// Read are all rows; each is counted in one of the others as well.
	Read      int `json:"read"`
	Made      int `json:"made"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
	// Skipped counts rows that are no records, by the reason.
	Skipped map[string]int `json:"skipped,omitempty"`
	// Left are the columns that were not taken, with the reason, "" for columns that nobody knows.
	Left map[string]string `json:"left,omitempty"`
	// Missing tells that the folder has no such file.
	Missing bool `json:"missing,omitempty"`
}

// Problem is one mistake in a file.
type Problem struct {
	File string `json:"file"`
	// Line counts from 1, the header; 0 is the file as a whole.
	Line int `json:"line"`
	// Column is the name in the header, "" for the row as a whole.
	Column  string `json:"column,omitempty"`
	Message string `json:"message"`
}

// String writes the place like a compiler does.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Column != "" {
		b.WriteString(": " + p.Column)
	}
	return b.String() + ": " + p.Message
}

// maxProblems are listed; more are counted.
const maxProblems = 1000

func (r *Report) problem(p Problem) {
	if len(r.Problems) == maxProblems {
		r.More++
		return
	}
	r.Problems = append(r.Problems, p)
}

// Refused reports whether anything was wrong.
func (r *Report) Refused() bool { return len(r.Problems) > 0 }

func (r *Report) sort() {
	order := map[string]int{}
	for i, f := range r.Files {
		order[f.File] = i
	}
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line))
	})
}

// Write writes the report for people.
func (r *Report) Write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	made, changed := "made", "changed"
	if r.DryRun {
		made, changed = "would make", "would change"
	}
	fmt.Fprintf(w, "file\tread\t%s\t%s\tunchanged\tskipped\trefused\t\n", made, changed)
	for _, f := range r.Files {
		if f.Missing {
			fmt.Fprintf(w, "%s\tnot there\t\t\t\t\t\t\n", f.File)
			continue
		}
		skipped := 0
		for _, n := range f.Skipped {
			skipped += n
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", f.File, f.Read, f.Made, f.Changed, f.Unchanged, skipped, f.Refused)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var b strings.Builder
	for _, f := range r.Files {
		for _, reason := range sorted(f.Skipped) {
			fmt.Fprintf(&b, "%s: %d rows skipped: %s\n", f.File, f.Skipped[reason], reason)
		}
		for _, name := range sorted(f.Left) {
			fmt.Fprintf(&b, "%s: the column %s is not taken: %s\n", f.File, name, cmp.Or(f.Left[name], "nothing here is like it"))
		}
	}
	if r.LetIn > 0 {
		fmt.Fprintf(&b, "People who got the password for all: %d\n", r.LetIn)
	}
	for _, file := range sorted(r.Left) {
		fmt.Fprintf(&b, "%s is not taken: %s\n", file, r.Left[file])
	}
	if unknown := slices.DeleteFunc(slices.Clone(r.Untaken), func(file string) bool { return r.Left[file] != "" }); len(unknown) > 0 {
		fmt.Fprintf(&b, "No module takes: %s\n", strings.Join(unknown, ", "))
	}
	for _, p := range r.Problems {
		fmt.Fprintln(&b, p)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "and %d more\n", r.More)
	}
	if r.Untouched {
		b.WriteString("Nothing was written.\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
