package db

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the text by which s is searched and sorted: compatibility forms taken apart, accents and Arabic vowel marks
// removed, case folded, special Latin letters written plainly (ø as o, ß as ss, æ as ae), Arabic letter variants unified, runs
// of white space made one space and the ends trimmed. Folding twice changes nothing.
func Fold(s string) string {
	if folded, plain := foldASCII(s); plain {
		return folded
	}
	s = norm.NFKD.String(s)
	s = cases.Fold().String(s)
	// Case folding can make composed letters again.
	s = norm.NFKD.String(s)
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if r == tatweel || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || isAccent(r) {
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if plain, ok := plainLetters[r]; ok {
			b.WriteString(plain)
			continue
		}
		// Folding turns Cherokee, and nothing else, into capitals.
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// isAccent reports whether r is a mark that people leave out when they type: accents and the points of Semitic scripts, but not
// the vowel signs of Indic ones, without which words become others.
func isAccent(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me) &&
		unicode.In(r, unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew, unicode.Syriac)
}

const tatweel = 'ـ'

// plainLetters are those that a person types instead of letters which Unicode does not take apart.
var plainLetters = map[rune]string{
	'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ł': "l", 'ŧ': "t", 'ŋ': "n", 'þ': "th", 'ß': "ss",
	'æ': "ae", 'œ': "oe", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ɣ': "g", 'ɛ': "e", 'ɔ': "o", 'ƴ': "y", 'ĸ': "k",
	'’': "'", '‘': "'", 'ʼ': "'", 'ʻ': "'", '‐': "-", '‑': "-", '–': "-", '—': "-",
	'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ې': "ي", 'ک': "ك", 'ہ': "ه", 'ھ': "ه", 'ە': "ه", 'ة': "ه",
}

// foldASCII is the short way for the commonest texts; plain is false when s needs the long one.
func foldASCII(s string) (folded string, plain bool) {
	changed, space := false, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x80, c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			return "", false
		case c >= 'A' && c <= 'Z':
			changed, space = true, false
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if space || c != ' ' {
				changed = true
			}
			space = true
		default:
			space = false
		}
	}
	if !changed && (!space || s == "") {
		return s, true
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " "), true
}
