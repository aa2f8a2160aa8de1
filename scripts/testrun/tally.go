package main

import (
	"fmt"
	"regexp"
	"strconv"
)

// tally counts tests.
type tally struct{ Passed, Failed, Skipped int }

func (t *tally) add(o tally) {
	t.Passed += o.Passed
	t.Failed += o.Failed
	t.Skipped += o.Skipped
}

// String is the closing line that people and CI read.
func (t tally) String() string {
	s := fmt.Sprintf("%d passed, %d failed", t.Passed, t.Failed)
	if t.Skipped > 0 {
		s += fmt.Sprintf(", %d skipped", t.Skipped)
	}
	return s
}

// settle makes a tally agree with how its command ended: a command that failed without naming a test, and one that
// passed without running any, count as one failure.
func (t tally) settle(err error) tally {
	if t.Failed == 0 && (err != nil || t.Passed == 0) {
		t.Failed = 1
	}
	return t
}

var closingLine = regexp.MustCompile(`(?m)^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$`)

// lastClosingLine reads the last line of the form that String writes; zero when there is none.
func lastClosingLine(output string) tally {
	all := closingLine.FindAllStringSubmatch(output, -1)
	if len(all) == 0 {
		return tally{}
	}
	m := all[len(all)-1]
	return tally{Passed: number(m[1]), Failed: number(m[2]), Skipped: number(m[3])}
}

// number reads digits; no digits are 0.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
