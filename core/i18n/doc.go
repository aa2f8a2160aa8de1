// Package i18n turns text keys into sentences in the language of the person who reads them.
//
// A module keeps one JSON file per language in a folder `locales`, embeds it, and hands it over as a Catalogue. Keys are
// nested or dotted, and belong to the module by their first word; error codes are text keys:
//
//	{
//	  "grievance.reason_required": "Say why.",
//	  "grievance": {
//	    "ticket": {
//	      "title":  "Ticket {number}",
//	      "open":   {"one": "{count} open ticket", "other": "{count} open tickets"},
//	      "expiry": {"by": "days", "one": "Expires tomorrow", "other": "Expires in {days} days"}
//	    }
//	  }
//	}
//
// Text in braces is a placeholder, filled by name. An object of CLDR plural categories (zero, one, two, few, many, other) is
// one text in several forms; the form is chosen by the placeholder count, or by the one named in "by".
//
// English is the source: New refuses, with all problems at once, a language that lacks a key, a plural form or a placeholder
// that English has, or has one that English lacks. A language that a catalogue does not ship at all is no problem; its
// readers get English. After New nothing changes, so a Texts is safe for concurrent use without locks.
package i18n
