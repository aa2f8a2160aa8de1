package config

import "strings"

// hint names the known key nearest to a mistyped one, or nothing when none is near.
func hint(got string, known []string) string {
	best, distance := "", len(got)/3+2
	for _, k := range known {
		if strings.HasSuffix(k, "."+got) {
			return "; did you mean " + k + "?"
		}
		if d := editDistance(got, k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// editDistance counts the single-letter insertions, deletions and replacements between two keys.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
