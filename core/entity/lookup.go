package entity

import (
	"strings"

	"almoner.dev/almoner/core/db"
)

// textLookups compare texts, one value each.
var textLookups = []string{"icontains", "iexact", "istartswith", "contains", "startswith"}

// textSQL composes the condition of a lookup that compares texts. A beginning is asked for as a range, which an index on the column serves: text
// is ordered by its bytes on both engines. One of capitals and accents is asked of the folded column where there is one.
func textSQL(lookup string, f *Field, b *builder, rowAlias, value, text string) string {
	folded := f.Folded != ""
	if strings.HasPrefix(lookup, "i") {
		if folded {
			text, value = db.Fold(text), rowAlias+"."+f.Folded
		} else {
			// Both engines make small letters of the 26 large ones, and of no others.
			text, value = strings.Map(small, text), "lower("+value+")"
		}
	}
	switch lookup {
	case "iexact":
		return value + " = " + b.arg(text)
	case "startswith", "istartswith":
		from := value + " >= " + b.arg(text)
		if end := pastAll(text); end != "" {
			return "(" + from + " and " + value + " < " + b.arg(end) + ")"
		}
		return from
	}
	// contains: a text is as long without what it does not hold
	return value + " <> replace(" + value + ", " + b.arg(text) + ", '')"
}

func small(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r - 'A' + 'a'
	}
	return r
}

// pastAll is the first text, in order of bytes, behind all that begin with this one; "" when there is none.
func pastAll(text string) string {
	runes := []rune(text)
	for i := len(runes) - 1; i >= 0; i-- {
		next := runes[i] + 1
		if next >= 0xD800 && next <= 0xDFFF { // no characters
			next = 0xE000
		}
		if next <= 0x10FFFF {
			return string(append(runes[:i:i], next))
		}
	}
	return ""
}
