package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rows are those of a file by their ids, without the header.
func rows(t *testing.T, dir, name string) (header []string, byID map[string][]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byID = map[string][]string{}
	for _, line := range lines[1:] {
		byID[line[0]] = line
	}
	if len(byID) != len(lines)-1 {
		t.Errorf("%s: %d rows have %d ids", name, len(lines)-1, len(byID))
	}
	return lines[0], byID
}

// As many people as were asked for have numbers and families of their own; every family has a village with three places above it, and a head.
func TestWhatIsWrittenHoldsTogether(t *testing.T) {
	t.Parallel()
	const people = 5001
	dir := t.TempDir()
	if err := write(dir, people, 7); err != nil {
		t.Fatal(err)
	}
	_, places := rows(t, dir, "locations")
	_, families := rows(t, dir, "families")
	_, insurees := rows(t, dir, "insurees")
	numbers, formerly := map[string]bool{}, 0
	for _, i := range insurees {
		if i[27] != "" {
			formerly++
			continue
		}
		numbers[i[3]] = true
		if families[i[2]] == nil {
			t.Errorf("insuree %s is in no family", i[0])
		}
	}
	if len(numbers) != people || formerly != people/40 {
		t.Errorf("%d people have numbers, %d former states", len(numbers), formerly)
	}
	for _, f := range families {
		if head := insurees[f[2]]; head == nil || head[2] != f[0] || head[9] != "true" {
			t.Errorf("the head of family %s is %v", f[0], head)
		}
		above := ""
		for at := places[f[3]]; at != nil; at = places[at[5]] {
			above += at[4]
		}
		if above != "VWDR" {
			t.Errorf("family %s lives in %s", f[0], above)
		}
	}
}

// The same seed writes the same files, another one other people.
func TestTheSameSeedWritesTheSame(t *testing.T) {
	t.Parallel()
	text := func(seed uint64) string {
		dir := t.TempDir()
		if err := write(dir, 500, seed); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, name := range []string{"locations", "families", "insurees"} {
			raw, err := os.ReadFile(filepath.Join(dir, name+".csv")) //nolint:gosec // written above
			if err != nil {
				t.Fatal(err)
			}
			all.Write(raw)
		}
		return all.String()
	}
	first := text(1)
	if text(1) != first || text(2) == first {
		t.Error("the seed does not decide what is written")
	}
}

// The columns are those of the demonstration data of openIMIS, which is not part of this repository.
func TestTheColumnsAreThoseOfOpenIMIS(t *testing.T) {
	t.Parallel()
	const demo = "../../../shared/data/openimis-demo"
	if _, err := os.Stat(demo); err != nil {
		t.Skip("the demonstration data of openIMIS are not beside this repository")
	}
	for name, want := range headers {
		if header, _ := rows(t, demo, name); strings.Join(header, ",") != want {
			t.Errorf("%s has the columns %v", name, header)
		}
	}
}
