package limit

import "almoner.dev/almoner/core/setting"

// most is more than any machine answers.
const most = 100_000_000

// The settings that administrators may change while the program runs.
var (
	perAddress = setting.Setting[int64]{
		Name: "limits.per_address", Label: "Requests a minute from one address", Help: "Who sends more from one internet address has to wait. A whole office may share one address. 0 is no limit.",
		Kind: rate(), Default: int64(Defaults().PerAddress),
	}
	perCredential = setting.Setting[int64]{
		Name: "limits.per_credential", Label: "Requests a minute from one person", Help: "Who sends more with one session or token has to wait. 0 is no limit.",
		Kind: rate(), Default: int64(Defaults().PerCredential),
	}
)

// Settings are those of this package that administrators may change while the program runs.
func Settings() []setting.Declaration { return []setting.Declaration{perAddress, perCredential} }

// rate is none, or enough to work with: fewer than sixty a minute would shut everybody out, the administrator among them.
func rate() setting.Kind[int64] { return setting.IntOrZero(60, most) }
