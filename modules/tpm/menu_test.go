package tpm_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestMenu holds who is offered which screens.
func TestMenu(t *testing.T) {
	eachEngine(t, func(l *lab) {
		for who, want := range map[string]string{
			"pme@agency.example":     "tpm.visits tpm.visits.new tpm.firms tpm.firms.all tpm.firms.add",
			"unicef@agency.example":  "tpm.visits tpm.firms tpm.firms.all",
			"tpm@firm.example":       "tpm.visits tpm.firms tpm.firms.own",
			"unrelated@else.example": "",
			"admin@agency.example":   "",
		} {
			var codes []string
			menu, _ := dig(l.a.As(who).Get("/api/auth/session/").Want(l, 200).JSON(l), "menu").([]any)
			for _, code := range menu {
				if text := fmt.Sprint(code); strings.HasPrefix(text, "tpm.") {
					codes = append(codes, text)
				}
			}
			l.same(who, strings.Join(codes, " "), want)
		}
	})
}
