package gql

import (
	"regexp"
	"strconv"
	"strings"

	"almoner.dev/almoner/core/entity"
)

// upper writes the first letter large.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// fieldName is snake case turned into camel case: other_names → otherNames.
func fieldName(name string) string {
	parts := strings.Split(name, "_")
	for i := 1; i < len(parts); i++ {
		parts[i] = upper(parts[i])
	}
	return strings.Join(parts, "")
}

// FieldName is a name in snake case as it is written here: other_names → otherNames.
func FieldName(name string) string { return fieldName(name) }

// RootName is the mechanical name of a source's single record: tpm.staff_member → tpmStaffMember.
func RootName(source string) string { return rootName(source) }

// argumentName is a filter or sort: each part between double underscores in camel case, joined by one underscore and written large
// after it: last_name__icontains → lastName_Icontains.
func argumentName(param string) string {
	parts := strings.Split(param, "__")
	for i, part := range parts {
		parts[i] = fieldName(part)
		if i > 0 {
			parts[i] = upper(parts[i])
		}
	}
	return strings.Join(parts, "_")
}

// ArgumentName is how the argument is written here that something is wrong with: dob__gte → dob_Gte, uuids.0 → uuids.0, ordering → orderBy.
func ArgumentName(path string) string {
	if path == "ordering" {
		return "orderBy"
	}
	return argumentName(path)
}

// snakeName is camel case turned into snake case: lastName → last_name. A name in snake case stays as it is.
func snakeName(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 && !strings.HasSuffix(b.String(), "_") {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// snakeOrder is the name of an order in snake case, part by part: headInsuree__chfId → head_insuree__chf_id. One underscore with a large letter
// behind it stands for two.
func snakeOrder(name string) string {
	parts := strings.Split(underscored.ReplaceAllString(name, "${1}__${2}"), "__")
	for i, part := range parts {
		parts[i] = snakeName(part)
	}
	return strings.Join(parts, "__")
}

var underscored = regexp.MustCompile(`([a-z0-9])_([A-Z])`)

// typeName is the entity's name: tpm.report_reject_comment → TpmReportRejectComment.
func typeName(e *entity.Entity) string {
	return upper(e.Module()) + upper(fieldName(e.Short()))
}

// rootName is the name of a source: tpm.staff_member → tpmStaffMember.
func rootName(source string) string {
	module, noun, _ := strings.Cut(source, ".")
	return fieldName(module) + upper(fieldName(noun))
}

// plural is the English plural of a name's last word: most words, and every one whose plural ends like one of these.
func plural(name string) string {
	switch {
	case strings.HasSuffix(name, "y") && !strings.ContainsAny(name[max(0, len(name)-2):len(name)-1], "aeiou"):
		return name[:len(name)-1] + "ies"
	case strings.HasSuffix(name, "s"), strings.HasSuffix(name, "x"), strings.HasSuffix(name, "ch"), strings.HasSuffix(name, "sh"):
		return name + "es"
	}
	return name + "s"
}

var notWord = regexp.MustCompile(`\W+`)

// enumNames are the names of a choice's values, in order: written large, with an underscore for what no name may hold, A_ in front of a digit,
// and a number behind a name that was there before.
func enumNames(choices []entity.ChoiceValue) []string {
	names := make([]string, len(choices))
	taken := map[string]bool{"TRUE": true, "FALSE": true, "NULL": true}
	for i, c := range choices {
		name := strings.ToUpper(notWord.ReplaceAllString(c.Value, "_"))
		if name == "" {
			name = "_"
		}
		if name[0] >= '0' && name[0] <= '9' {
			name = "A_" + name
		}
		for base, n := name, i; taken[name]; n++ {
			name = base + "_" + strconv.Itoa(n)
		}
		taken[name] = true
		names[i] = name
	}
	return names
}
