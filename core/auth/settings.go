package auth

import (
	"time"

	"almoner.dev/almoner/core/setting"
)

// The settings that administrators may change while the program runs.
var (
	sessionIdle = setting.Setting[time.Duration]{
		Name: "auth.session_idle", Label: "Signed out when idle for", Help: "Whoever has not used the program for so long in a browser has to sign in again.",
		Kind: setting.Duration(time.Minute, 366*24*time.Hour), Default: Defaults().SessionIdle,
	}
	sessionMax = setting.Setting[time.Duration]{
		Name: "auth.session_max", Label: "Signed out at the latest after", Help: "After so long everybody has to sign in again, however often they used the program.",
		Kind: setting.Duration(time.Minute, 5*366*24*time.Hour), Default: Defaults().SessionMax,
	}
	tokenLife = setting.Setting[time.Duration]{
		Name: "auth.token_life", Label: "Life of a bearer token", Help: "How long a token that a program got with a password is valid. Tokens that are out already keep their span.",
		Kind: setting.Duration(time.Minute, MaxTokenLife), Default: Defaults().TokenLife,
	}
	accountTries = setting.Setting[int64]{
		Name: "auth.account_tries", Label: "Wrong passwords for one account", Help: "After so many wrong passwords in a row, further tries for this account have to wait, longer each time.",
		Kind: setting.Int(3, 100), Default: 5,
	}
	addressTries = setting.Setting[int64]{
		Name: "auth.address_tries", Label: "Wrong passwords from one address", Help: "After so many wrong passwords from one internet address, further tries from there have to wait. A whole office may share one address.",
		Kind: setting.Int(5, 10_000), Default: 50,
	}
	longestWait = setting.Setting[time.Duration]{
		Name: "auth.longest_wait", Label: "Longest wait after wrong passwords", Help: "The wait doubles with each wrong password, from 15 seconds up to this.",
		Kind: setting.Duration(firstBackoff, mostBackoff), Default: 15 * time.Minute,
	}
)

// Settings are those of this package that administrators may change while the program runs.
func Settings() []setting.Declaration {
	return []setting.Declaration{sessionIdle, sessionMax, tokenLife, accountTries, addressTries, longestWait}
}

// live are the settings in force.
type live struct {
	sessionIdle, sessionMax, tokenLife, longestWait *setting.Live[time.Duration]
	accountTries, addressTries                      *setting.Live[int64]
}

func liveOf(b *setting.Book, c Config) live {
	return live{
		sessionIdle: sessionIdle.From(b, c.SessionIdle), sessionMax: sessionMax.From(b, c.SessionMax), tokenLife: tokenLife.From(b, c.TokenLife),
		longestWait: longestWait.Bind(b), accountTries: accountTries.Bind(b), addressTries: addressTries.Bind(b),
	}
}
