package db_test

import (
	"testing"

	"almoner.dev/almoner/core/db"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "",
		"plain":                     "plain",
		"  Two\t words \n":          "two words",
		"   ":                       "",
		"a b":                       "a b",
		"Ａlmoner":                   "almoner",
		"José ÁLVAREZ":              "jose alvarez",
		"José":                      "jose",
		"Straße STRASSE":            "strasse strasse",
		"Ångström Øre Łódź":         "angstrom ore lodz",
		"Þór Æsir œuvre":            "thor aesir oeuvre",
		"ﬁnance oﬃce":               "finance office",
		"İstanbul IŞIK ısı":         "istanbul isik isi",
		"Ｆｕｌｌ　ｗｉｄｔｈ":                "full width",
		"x² ½":                      "x2 1⁄2",
		"Ðà Nẵng":                   "da nang",
		"ΑΘΉΝΑ Οδυσσεύς":            "αθηνα οδυσσευσ",
		"Йошкар-Ола":                "иошкар-ола",
		"مُحَمَّد":                  "محمد",
		"محـــمد":                   "محمد",
		"أحمد إبراهيم آمنة":         "احمد ابراهيم امنه",
		"ﷲ ﻣﺤﻤﺪ":                    "الله محمد",
		"على كلیة":                  "علي كليه",
		"שָׁלוֹם":                   "שלום",
		"हिन्दी कुमार":              "हिन्दी कुमार",
		"O’Neil ‘x’ Bà-Rịa – y":     "o'neil 'x' ba-ria - y",
		"zero\u200bwidth\u00adsoft": "zerowidthsoft",
		"ᏣᎳᎩ ꮳꮃꭹ":                   "ꮳꮃꭹ ꮳꮃꭹ",
		"nul\x01bell\x07":           "nulbell",
	} {
		got := db.Fold(in)
		if got != want {
			t.Errorf("Fold(%q): got %q, want %q", in, got, want)
		}
		if again := db.Fold(got); again != got {
			t.Errorf("Fold(%q) twice: got %q, then %q", in, got, again)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"José", "ﷲ", "ǅ İ ŉ", "ΐ", "\xff", "ﬁ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := db.Fold(s)
		if twice := db.Fold(once); twice != once {
			t.Errorf("Fold(%q): got %q, then %q", s, once, twice)
		}
	})
}
