package i18n

import (
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// categories are the CLDR names of plural forms, indexed by plural.Form.
var categories = [6]string{
	plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
}

const other = int(plural.Other)

// formOf returns the index in categories of a number as it is written; anything that is no number takes "other".
func formOf(tag language.Tag, number string) int {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	if !digits(whole) || fraction != "" && !digits(fraction) {
		return other
	}
	trimmed := strings.TrimRight(fraction, "0")
	return int(plural.Cardinal.MatchPlural(tag, tail(whole), len(fraction), len(trimmed), tail(fraction), tail(trimmed)))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// tail returns the last seven digits, which is all that the rules of any language look at.
func tail(s string) int {
	if len(s) > 7 {
		s = s[len(s)-7:]
	}
	n, _ := strconv.Atoi(s) // only digits, or empty for no fraction
	return n
}

// categoriesOf returns the forms that whole numbers take in a language, found by asking: the tables are not exported.
func categoriesOf(tag language.Tag) []string {
	var used [6]bool
	used[other] = true
	for n := range 1001 {
		used[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
	}
	used[plural.Cardinal.MatchPlural(tag, 1_000_000, 0, 0, 0, 0)] = true
	var names []string
	for i, is := range used {
		if is {
			names = append(names, categories[i])
		}
	}
	return names
}
