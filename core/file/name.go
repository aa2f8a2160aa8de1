package file

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxName is the greatest length of a name in characters.
	maxName = 200
	// maxExtension is what still counts as an ending when a name is shortened.
	maxExtension = 20
)

// devices are names that some systems take for hardware, whatever the ending.
var devices = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
}

// CleanName returns a name under which any system can save the file and which shows people what it says: the last part of a path in either
// notation, without control characters and marks that turn the reading direction around, without what file systems reserve, at
// most 200 characters with the ending kept. It is never empty and cleaning a clean name changes nothing.
func CleanName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, "\uFFFD"))
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(cleanRune, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), " .")
	if name == "" {
		return "file"
	}
	if stem, _, _ := strings.Cut(name, "."); devices[strings.ToLower(stem)] {
		name = "_" + name
	}
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	extension := path.Ext(name)
	if utf8.RuneCountInString(extension) > maxExtension {
		extension = ""
	}
	stem := []rune(strings.TrimSuffix(name, extension))
	return strings.TrimRight(string(stem[:maxName-utf8.RuneCountInString(extension)]), " .") + extension
}

func cleanRune(r rune) rune {
	switch {
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	case unicode.IsSpace(r):
		return ' '
	case r == '\u200c' || r == '\u200d':
		return r // joiners are letters' business in Persian, Hindi and others
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
		return -1
	}
	return r
}

// extension is the ending of a name in lower case, with its dot.
func extension(name string) string { return strings.ToLower(path.Ext(name)) }
