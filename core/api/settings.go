package api

import "almoner.dev/almoner/core/setting"

// The settings that administrators may change while the program runs.
var (
	pageSize = setting.Setting[int64]{
		Name: "lists.page_size", Label: "Rows of a page", Help: "How many rows a list gives that was not asked for a number. It concerns programs that use the interface; the screens ask for what they show.",
		Kind: setting.Int(1, 1000), Default: 10,
	}
	maxPageSize = setting.Setting[int64]{
		Name: "lists.max_page_size", Label: "Most rows of a page", Help: "Whoever asks for longer pages gets pages of this many rows.",
		Kind: setting.Int(100, 10_000), Default: 1000,
	}
	journalDays = setting.Setting[int64]{
		Name: "mutations.days_kept", Label: "Days that mutations are remembered", Help: "What was sent to the GraphQL interface to be changed, by whom and with what outcome, is forgotten after so many days; 0 is never. What was changed stays, and so does the event log.",
		Kind: setting.IntOrZero(1, 3650), Default: 365,
	}
)

// Settings are those of this package that administrators may change while the program runs.
func Settings() []setting.Declaration {
	return []setting.Declaration{pageSize, maxPageSize, journalDays}
}
