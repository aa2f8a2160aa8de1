package file

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// group is what a content is as far as anybody decides by it.
type group uint8

const (
	// opaque is everything nobody decides about: an unknown format.
	opaque group = iota
	plainText
	// markup could run in a browser.
	markup
	jsonText
	script
	program
	archive
	// media is pictures, sound and film.
	media
	pdf
	// zipOffice, oldOffice and rtf are documents of office programs.
	zipOffice
	oldOffice
	rtf
)

// content is what a file is, found out from its first bytes.
type content struct {
	mime  string
	group group
}

// magic is a signature at an offset.
type magic struct {
	offset int
	bytes  string
	content
}

var signatures = []magic{
	{0, "MZ", content{"application/x-msdownload", program}},
	{0, "\x7fELF", content{"application/x-executable", program}},
	{0, "\xfe\xed\xfa\xce", content{"application/x-mach-binary", program}},
	{0, "\xfe\xed\xfa\xcf", content{"application/x-mach-binary", program}},
	{0, "\xce\xfa\xed\xfe", content{"application/x-mach-binary", program}},
	{0, "\xcf\xfa\xed\xfe", content{"application/x-mach-binary", program}},
	{0, "\xca\xfe\xba\xbe", content{"application/java-vm", program}},
	{0, "L\x00\x00\x00\x01\x14\x02\x00", content{"application/x-ms-shortcut", program}},
	{0, "\x03\xf3\r\n", content{"application/x-python-bytecode", script}},
	{0, "%PDF-", content{"application/pdf", pdf}},
	{0, "{\\rtf", content{"application/rtf", rtf}},
	{0, "\x1f\x8b", content{"application/gzip", archive}},
	{0, "\x1f\x9d", content{"application/x-compress", archive}},
	{0, "BZh", content{"application/x-bzip2", archive}},
	{0, "\xfd7zXZ\x00", content{"application/x-xz", archive}},
	{0, "7z\xbc\xaf\x27\x1c", content{"application/x-7z-compressed", archive}},
	{0, "Rar!\x1a\x07", content{"application/vnd.rar", archive}},
	{0, "(\xb5/\xfd", content{"application/zstd", archive}},
	{0, "\x04\"M\x18", content{"application/x-lz4", archive}},
	{0, "MSCF", content{"application/vnd.ms-cab-compressed", archive}},
	{0, "!<arch>\n", content{"application/x-archive", archive}},
	{257, "ustar", content{"application/x-tar", archive}},
	{0, "PK\x05\x06", content{"application/zip", archive}},
	{0, "PK\x07\x08", content{"application/zip", archive}},
	{0, "II*\x00", content{"image/tiff", media}},
	{0, "MM\x00*", content{"image/tiff", media}},
	{4, "ftypheic", content{"image/heic", media}},
	{4, "ftypheix", content{"image/heic", media}},
	{4, "ftypmif1", content{"image/heif", media}},
	{4, "ftypavif", content{"image/avif", media}},
	{4, "ftypqt", content{"video/quicktime", media}},
	{4, "ftyp3g", content{"video/3gpp", media}},
	{4, "ftypM4A", content{"audio/mp4", media}},
	{0, "fLaC", content{"audio/flac", media}},
	{0, "#!AMR", content{"audio/amr", media}},
	{0, "\xff\xf1", content{"audio/aac", media}},
	{0, "\xff\xf9", content{"audio/aac", media}},
	{0, "\xff\xfb", content{"audio/mpeg", media}},
	{0, "\xff\xf3", content{"audio/mpeg", media}},
	{0, "\xff\xf2", content{"audio/mpeg", media}},
}

// sniff finds out what a file is from its head, all of it for small files.
func sniff(head []byte) content {
	for _, m := range signatures {
		if len(head) >= m.offset+len(m.bytes) && string(head[m.offset:m.offset+len(m.bytes)]) == m.bytes {
			return m.content
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(head)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffCompound(head)
	case isBytecode(head):
		return content{"application/x-python-bytecode", script}
	}
	if text, ok := asText(head); ok {
		return sniffText(text)
	}
	mime, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch kind, _, _ := strings.Cut(mime, "/"); {
	case kind == "image" || kind == "audio" || kind == "video" || mime == "application/ogg":
		return content{mime, media}
	case kind == "text":
		return content{"application/octet-stream", opaque} // it looks like text only at its beginning
	}
	return content{mime, opaque}
}

// isBytecode tells Python 3's compiled files: a number that grows with each version, then a line end that copying as text would spoil.
func isBytecode(head []byte) bool {
	return len(head) >= 16 && head[1] >= 0x0c && head[1] <= 0x0f && head[2] == '\r' && head[3] == '\n'
}

// sniffZip tells office documents, which are zip files, from those that only hold other files, by the entries at the beginning.
func sniffZip(head []byte) content {
	zip := content{"application/zip", archive}
	for first := true; len(head) >= 30 && bytes.HasPrefix(head, []byte("PK\x03\x04")); first = false {
		size, nameLen, extraLen := binary.LittleEndian.Uint32(head[18:]), int(binary.LittleEndian.Uint16(head[26:])), int(binary.LittleEndian.Uint16(head[28:]))
		if len(head) < 30+nameLen {
			break
		}
		name, rest := string(head[30:30+nameLen]), head[30+nameLen:]
		switch {
		case first && name == "mimetype" && len(rest) >= extraLen && int64(size) <= int64(len(rest)-extraLen):
			said := string(rest[extraLen : extraLen+int(size)])
			if strings.HasPrefix(said, "application/vnd.oasis.opendocument.") || said == "application/epub+zip" {
				return content{said, zipOffice}
			}
		case name == "META-INF/MANIFEST.MF" || name == "META-INF/":
			return content{"application/java-archive", archive}
		case strings.HasPrefix(name, "word/"):
			return content{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", zipOffice}
		case strings.HasPrefix(name, "xl/"):
			return content{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", zipOffice}
		case strings.HasPrefix(name, "ppt/"):
			return content{"application/vnd.openxmlformats-officedocument.presentationml.presentation", zipOffice}
		case name == "[Content_Types].xml" || strings.HasPrefix(name, "_rels/") || strings.HasPrefix(name, "docProps/"):
			zip = content{"application/vnd.openxmlformats-officedocument", zipOffice}
		}
		// Entries written as a stream give their size behind the data; the next one is looked for by its signature.
		next := extraLen + int(min(size, 1<<30))
		if size == 0 {
			if i := bytes.Index(rest, []byte("PK\x03\x04")); i > 0 {
				next = i
			} else {
				break
			}
		}
		if next < 0 || next > len(rest) {
			break
		}
		head = rest[next:]
	}
	return zip
}

// installer is the class of Windows Installer packages, as the root entry of their folder has it.
var installer = []byte("\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46")

// sniffCompound tells Windows installers from the office documents that have the same container.
func sniffCompound(head []byte) content {
	if bytes.Contains(head, installer) {
		return content{"application/x-msi", program}
	}
	return content{"application/x-ole-storage", oldOffice}
}

// asText returns the head as text when it is some: UTF-8, UTF-16 with its mark, or an older one-byte encoding without control characters.
func asText(head []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		order := binary.ByteOrder(binary.LittleEndian)
		if head[0] == 0xfe {
			order = binary.BigEndian
		}
		units := make([]uint16, 0, len(head)/2)
		for i := 2; i+1 < len(head); i += 2 {
			units = append(units, order.Uint16(head[i:]))
		}
		head = []byte(string(utf16.Decode(units)))
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		head = head[3:]
	}
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b {
			return "", false
		}
	}
	if !utf8.Valid(cutRune(head)) {
		high := 0
		for _, c := range head {
			if c >= 0x80 {
				high++
			}
		}
		if high*3 > len(head)*2 {
			return "", false
		}
	}
	return string(head), true
}

// cutRune leaves out a character that the end of the head cuts in two.
func cutRune(head []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax-1, len(head)); i++ {
		if c := head[len(head)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(head[len(head)-i:]) {
				return head[:len(head)-i]
			}
			break
		}
	}
	return head
}

var interpreters = []struct {
	pattern *regexp.Regexp
	mime    string
}{
	{regexp.MustCompile(`^#!.*\b(sh|bash|dash|zsh|ksh|csh|tcsh|fish)\b`), "application/x-sh"},
	{regexp.MustCompile(`^#!.*\bpython[\d.]*\b`), "text/x-python"},
	{regexp.MustCompile(`^#!.*\bperl\b`), "text/x-perl"},
	{regexp.MustCompile(`^#!.*\b(node|nodejs|deno|bun|ts-node)\b`), "text/javascript"},
	{regexp.MustCompile(`^#!.*\bphp\b`), "application/x-php"},
	{regexp.MustCompile(`^#!\s*/`), "application/x-sh"},
	{regexp.MustCompile(`(?i)<\?php\b`), "application/x-php"},
}

// languages are telling lines of source code. One may stand in a letter; two of them do not.
var languages = []struct {
	mime  string
	lines []*regexp.Regexp
}{
	{"text/x-python", []*regexp.Regexp{
		regexp.MustCompile(`(?m)^\s*(def|class)\s+\w+\s*(\([^)\n]*\))?\s*(->[^:\n]+)?:\s*(#.*)?$`),
		regexp.MustCompile(`(?m)^(from\s+[\w.]+\s+import\s+[\w*(]|import\s+\w[\w.]*(\s+as\s+\w+)?\s*$)`),
		regexp.MustCompile(`(?m)^if\s+__name__\s*==`),
	}},
	{"text/x-perl", []*regexp.Regexp{
		regexp.MustCompile(`(?m)^use\s+(strict|warnings|utf8|v?5[\d.]*)\s*;`),
		regexp.MustCompile(`(?m)^\s*my\s+(\(\s*)?[$@%]\w+`),
		regexp.MustCompile(`(?m)^\s*sub\s+\w+\s*(\([^)\n]*\))?\s*\{`),
	}},
	{"text/javascript", []*regexp.Regexp{
		regexp.MustCompile(`(?m)^\s*(export\s+)?(const|let|var)\s+[\w$]+\s*(:\s*[\w<>\[\]|. ]+)?=`),
		regexp.MustCompile(`(?m)^\s*(export\s+)?(default\s+)?(async\s+)?function\s*[\w$]*\s*\([^)\n]*\)[^{\n]*\{`),
		regexp.MustCompile(`(?m)^\s*(import|export)\s[^;\n]*\sfrom\s+['"]`),
		regexp.MustCompile(`(?m)^\s*['"]use strict['"]\s*;?\s*$`),
		regexp.MustCompile(`\b(console\.log|document\.(getElementById|querySelector)|module\.exports|require)\b\s*[=(]`),
		regexp.MustCompile(`(?m)^\s*(export\s+)?(interface|enum)\s+\w+(\s+extends\s+\w+)?\s*\{\s*$`),
	}},
}

var markupStart = regexp.MustCompile(`(?is)^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|script|iframe|svg|form|h1|div|style|title|table|br|p|a)\b`)

func sniffText(text string) content {
	for _, i := range interpreters {
		if i.pattern.MatchString(text) {
			return content{i.mime, script}
		}
	}
	trimmed := strings.TrimSpace(text)
	lower := strings.ToLower(trimmed)
	switch {
	case strings.HasPrefix(lower, "<?xml"), strings.HasPrefix(lower, "<svg"), strings.HasPrefix(lower, "<!doctype svg"):
		switch {
		case strings.Contains(lower, "<svg"):
			return content{"image/svg+xml", markup}
		case strings.Contains(lower, "<html"):
			return content{"application/xhtml+xml", markup}
		}
		return content{"text/xml", markup}
	case markupStart.MatchString(trimmed):
		return content{"text/html", markup}
	case isJSON(trimmed):
		return content{"application/json", jsonText}
	}
	for _, l := range languages {
		told := 0
		for _, line := range l.lines {
			told += len(line.FindAllStringIndex(text, 2))
		}
		if told >= 2 {
			return content{l.mime, script}
		}
	}
	return content{"text/plain", plainText}
}

// isJSON reports whether the text is a JSON object or list, or the beginning of one.
func isJSON(text string) bool {
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	d := json.NewDecoder(strings.NewReader(text))
	tokens := 0
	for ; ; tokens++ {
		if _, err := d.Token(); err != nil {
			// The head may end in the middle of a document, but not after a bracket alone.
			return errors.Is(err, io.EOF) && tokens > 1 || errors.Is(err, io.ErrUnexpectedEOF) && tokens > 2
		}
	}
}
