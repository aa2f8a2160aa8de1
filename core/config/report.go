package config

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// Source says which place a value came from.
type Source string

// The sources that Load knows, weakest first.
const (
	FromDefault     Source = "default"
	FromFile        Source = "file"
	FromEnvironment Source = "environment"
	FromFlag        Source = "flag"
)

// FromAdministrator is a value that was chosen while the program ran. Load knows none: it is for whoever adds such values to a Report (core/setting).
const FromAdministrator Source = "administrator"

// Setting is one key with the value in force. Secrets and passwords inside addresses are already masked.
type Setting struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source Source `json:"source"`
	// Place is where exactly: `almoner.yaml:3`, `ALMONER_DATABASE_URL`, `--listen`; "" for a default.
	Place string `json:"place,omitempty"`
	// Default is the value that would hold if nobody had set it.
	Default string `json:"default"`
	// Env is the variable that sets it.
	Env  string `json:"env"`
	Help string `json:"help,omitempty"`
}

// Report lists every setting in the order of declaration.
type Report []Setting

// WriteTable prints key, value and origin in columns, for people.
func (r Report) WriteTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "KEY\tVALUE\tFROM")
	for _, s := range r {
		from := string(s.Source)
		if s.Place != "" {
			from = s.Place
		}
		value := s.Value
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", s.Key, value, from)
	}
	return t.Flush()
}

// WriteJSON prints the report as one indented JSON list, for programs.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}

// Find returns the setting of a key.
func (r Report) Find(key string) (Setting, bool) {
	for _, s := range r {
		if s.Key == key {
			return s, true
		}
	}
	return Setting{}, false
}
