package file

import (
	"slices"

	"almoner.dev/almoner"
)

// Policy says which kinds of file are taken. Whatever it says, a file must be what its name claims.
type Policy struct {
	// refuse are the kinds that are not.
	refuse []group
}

// The policies.
var (
	// Documents takes everything but programs: what people attach to a record on purpose, pictures in a zip file among it.
	Documents = Policy{[]group{program}}
	// Uploads also refuses scripts, JSON and archives: the area into which files are put before anybody says what they are for (tpm §5.7).
	Uploads = Policy{[]group{program, script, jsonText, archive}}
)

// claim is what an ending says about the content: the groups that it may be and the type that text is then given.
type claim struct {
	groups []group
	mime   string
}

var (
	textual   = []group{plainText, markup, jsonText, script}
	aMedia    = claim{groups: []group{media}}
	anArchive = claim{groups: []group{archive}}
	aProgram  = claim{groups: []group{program, opaque, oldOffice}}
	aScript   = claim{groups: []group{script, plainText, markup, jsonText}}
	inZip     = claim{groups: []group{zipOffice}}
	// inOld: programs of the last decades wrote text, web pages and new formats under the old endings, and readers take them.
	inOld = claim{groups: []group{oldOffice, zipOffice, rtf, plainText, markup}}
)

// claims are the endings that say what the content is.
var claims = map[string]claim{
	".pdf": {groups: []group{pdf}}, ".rtf": {groups: []group{rtf}},
	".png": aMedia, ".jpg": aMedia, ".jpeg": aMedia, ".jfif": aMedia, ".gif": aMedia, ".webp": aMedia, ".bmp": aMedia, ".tif": aMedia, ".tiff": aMedia,
	".heic": aMedia, ".heif": aMedia, ".avif": aMedia, ".ico": aMedia,
	".mp3": {groups: []group{media, opaque}}, ".wav": aMedia, ".ogg": aMedia, ".flac": aMedia, ".mp4": aMedia, ".m4a": aMedia, ".mov": {groups: []group{media, opaque}},
	".webm": aMedia, ".avi": aMedia, ".3gp": aMedia,
	".docx": inZip, ".xlsx": inZip, ".pptx": inZip, ".docm": inZip, ".xlsm": inZip, ".odt": inZip, ".ods": inZip, ".odp": inZip, ".epub": inZip,
	".doc": inOld, ".xls": inOld, ".ppt": inOld, ".msg": {groups: []group{oldOffice}},
	".txt": {textual, "text/plain"}, ".text": {textual, "text/plain"}, ".log": {textual, "text/plain"}, ".md": {textual, "text/plain"},
	".csv": {textual, "text/csv"}, ".tsv": {textual, "text/tab-separated-values"}, ".eml": {textual, "message/rfc822"},
	".html": {[]group{markup, plainText}, "text/html"}, ".htm": {[]group{markup, plainText}, "text/html"}, ".xhtml": {groups: []group{markup}},
	".svg": {groups: []group{markup}}, ".xml": {groups: []group{markup}}, ".kml": {groups: []group{markup}}, ".gpx": {groups: []group{markup}},
	".json": {groups: []group{jsonText}}, ".geojson": {groups: []group{jsonText}},
	".zip": anArchive, ".rar": anArchive, ".7z": anArchive, ".tar": anArchive, ".gz": anArchive, ".tgz": anArchive, ".bz2": anArchive, ".xz": anArchive, ".kmz": anArchive,
	".jar": anArchive, ".war": anArchive,
	".exe": aProgram, ".msi": aProgram, ".msp": aProgram, ".dll": aProgram, ".scr": aProgram, ".com": aProgram, ".cpl": aProgram, ".lnk": aProgram, ".apk": {groups: []group{archive}},
	".sh": aScript, ".bash": aScript, ".zsh": aScript, ".bat": aScript, ".cmd": aScript, ".ps1": aScript, ".vbs": aScript, ".wsf": aScript, ".hta": aScript,
	".py": aScript, ".pyw": aScript, ".pyc": {groups: []group{script, opaque}}, ".pyo": {groups: []group{script, opaque}}, ".pl": aScript, ".pm": aScript,
	".php": aScript, ".phtml": aScript, ".phar": {groups: []group{script, archive}},
	".js": aScript, ".mjs": aScript, ".cjs": aScript, ".jsx": aScript, ".ts": {groups: append([]group{media, opaque}, aScript.groups...)}, ".tsx": aScript,
}

// named are the groups to which an ending alone condemns a file, because its content need not tell: a batch file is text.
var named = map[string]group{
	".exe": program, ".msi": program, ".msp": program, ".dll": program, ".scr": program, ".com": program, ".cpl": program, ".lnk": program, ".apk": program,
	".bat": script, ".cmd": script, ".ps1": script, ".vbs": script, ".wsf": script, ".hta": script,
	".sh": script, ".bash": script, ".zsh": script, ".py": script, ".pyw": script, ".pyc": script, ".pyo": script, ".pl": script, ".pm": script,
	".php": script, ".phtml": script, ".phar": script, ".js": script, ".mjs": script, ".cjs": script, ".jsx": script, ".ts": script, ".tsx": script,
	".json": jsonText, ".geojson": jsonText, ".jar": archive, ".war": archive, ".kmz": archive,
}

// specific are the types that an ending gives to content of which the bytes tell only the family.
var specific = map[string]string{
	".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint", ".msg": "application/vnd.ms-outlook",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// check decides about a file by its name and its first bytes. It returns what the file is.
func (p Policy) check(name string, head []byte) (string, error) {
	is := sniff(head)
	ending := extension(name)
	by, claimed := named[ending]
	if slices.Contains(p.refuse, is.group) || claimed && slices.Contains(p.refuse, by) {
		return "", refused("file_kind_refused", "Files of this kind (%s) are not accepted.", is.mime)
	}
	says, known := claims[ending]
	if known && !slices.Contains(says.groups, is.group) {
		return "", refused("file_mismatch", "The content of this file (%s) is not what its name says.", is.mime)
	}
	if !known && (is.group == program || is.group == script) {
		return "", refused("file_mismatch", "The content of this file (%s) is not what its name says.", is.mime)
	}
	switch {
	case says.mime != "" && is.group != opaque:
		return says.mime, nil
	case (is.group == oldOffice || is.mime == "application/vnd.openxmlformats-officedocument") && specific[ending] != "":
		return specific[ending], nil
	}
	return is.mime, nil
}

func refused(code, message, mime string) error {
	e := almoner.Errorf(almoner.Invalid, code, message, mime)
	e.Params = map[string]string{"type": mime}
	return e
}
