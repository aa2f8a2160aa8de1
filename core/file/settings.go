package file

import (
	"slices"

	"almoner.dev/almoner/core/config"
	"almoner.dev/almoner/core/setting"
)

// The settings that administrators may change while the program runs.
var (
	maxSize = setting.Setting[config.Size]{
		Name: "files.max_size", Label: "Largest file", Help: "Nobody can upload a file that is larger. Files that are there already stay.",
		Kind: setting.Size(config.KiB, 5*config.GiB), Default: Defaults().MaxSize,
	}
	refuse = setting.Setting[[]string]{
		Name: "files.refuse", Label: "Kinds of files not taken", Help: "Programs are never taken, whatever their name. Choose what else is not; files that are there already stay.",
		Kind: setting.Choices("archive", "script", "data", "web_page", "media", "old_document"), Default: []string{},
	}
)

// Settings are those of this package that administrators may change while the program runs.
func Settings() []setting.Declaration { return []setting.Declaration{maxSize, refuse} }

// kinds are the groups behind the words of the setting.
var kinds = map[string]group{"archive": archive, "script": script, "data": jsonText, "web_page": markup, "media": media, "old_document": oldOffice}

// besides is the policy that also refuses what an administrator named.
func (p Policy) besides(words []string) Policy {
	if len(words) == 0 {
		return p
	}
	all := slices.Clone(p.refuse)
	for _, word := range words {
		all = append(all, kinds[word])
	}
	return Policy{all}
}
