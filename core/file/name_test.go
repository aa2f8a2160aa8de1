package file_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"almoner.dev/almoner/core/file"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{"report.pdf", "report.pdf"},
		{"", "file"},
		{"..", "file"},
		{"../../etc/passwd", "passwd"},
		{`C:\Users\me\Plan.docx`, "Plan.docx"},
		{"a/b\\c.txt", "c.txt"},
		{"/", "file"},
		{".htaccess", "htaccess"},
		{"trailing. . ", "trailing"},
		{"two\nlines\tand\x00more.txt", "two lines andmore.txt"},
		{"a\u202egpj.exe", "agpj.exe"},
		{"\u2066x\u2069\u200e.txt", "x.txt"},
		{"نام\u200cفایل.pdf", "نام\u200cفایل.pdf"},
		{`what?<is>"this"|*.txt`, "what__is__this___.txt"},
		{"CON", "_CON"},
		{"con.txt", "_con.txt"},
		{"console.txt", "console.txt"},
		{"e\u0301t\u00e9.txt", "été.txt"},
		{"bad\xffbytes.txt", "bad\ufffdbytes.txt"},
		{strings.Repeat("a", 300) + ".pdf", strings.Repeat("a", 196) + ".pdf"},
		{strings.Repeat("ß", 200), strings.Repeat("ß", 200)},
		{"a." + strings.Repeat("b", 300), "a." + strings.Repeat("b", 198)},
	} {
		if got := file.CleanName(c.name); got != c.want {
			t.Errorf("CleanName(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCleanNameHoldsForAnyName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[./\\ a-zé:.]{0,260}`)).Draw(t, "name")
		got := file.CleanName(name)
		if got == "" || utf8.RuneCountInString(got) > 200 || strings.ContainsAny(got, "/\\\x00\n<>:\"|?*\u202e") || strings.HasPrefix(got, ".") || strings.HasSuffix(got, " ") {
			t.Fatalf("CleanName(%q) = %q", name, got)
		}
		if again := file.CleanName(got); again != got {
			t.Fatalf("CleanName(%q) = %q, cleaned again %q", name, got, again)
		}
	})
}

func TestDisposition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		inline bool
		want   string
	}{
		{"a.pdf", false, `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`},
		{"a b.pdf", true, `inline; filename="a b.pdf"; filename*=UTF-8''a%20b.pdf`},
		{"KEN/2026/7/TPM.pdf", false, `attachment; filename="KEN_2026_7_TPM.pdf"; filename*=UTF-8''KEN_2026_7_TPM.pdf`},
		{"Größe 5%.txt", false, `attachment; filename="Gr__e 5_.txt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%205%25.txt`},
		{"x\r\nSet-Cookie: a=b", false, `attachment; filename="x Set-Cookie_ a=b"; filename*=UTF-8''x%20Set-Cookie_%20a%3Db`},
	} {
		if got := file.Disposition(c.name, c.inline); got != c.want {
			t.Errorf("Disposition(%q) = %s, want %s", c.name, got, c.want)
		}
	}
}
