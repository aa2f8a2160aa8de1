package insuree

import (
	"strings"

	"almoner.dev/almoner/core/setting"
)

// What a scheme decides about its insurees; each workspace may have values of its own.
var (
	excludedSetting = setting.Setting[string]{
		Name: "insuree.excluded_numbers", Label: "Technical insurees", Help: "Insurance numbers, divided by commas, of insurees who are no people. They and their families are hidden from every list.",
		Kind: setting.Text(0, 500), Default: "999999999", PerWorkspace: true,
	}
	validatorSetting = setting.Setting[string]{
		Name: "insuree.number_validator", Label: "Check of insurance numbers", Help: "The name of a check that this program knows, such as weighted; empty for the length and the check digit below.",
		Kind: setting.Text(0, 50), PerWorkspace: true,
	}
	lengthSetting = setting.Setting[int64]{
		Name: "insuree.number_length", Label: "Length of insurance numbers", Help: "All insurance numbers have this many characters; 0 for any length up to 50.",
		Kind: setting.IntOrZero(1, maxNumber), PerWorkspace: true,
	}
	rootSetting = setting.Setting[int64]{
		Name: "insuree.number_modulo_root", Label: "Root of the check digit", Help: "10 for a weighted sum, another number for the remainder of a division by it, 0 for no check digit.",
		Kind: setting.IntOrZero(2, 10), PerWorkspace: true,
	}
	workerSetting = setting.Setting[bool]{
		Name: "insuree.as_worker", Label: "Insurees are workers", Help: "Insurees are then registered without a gender and a date of birth.", Kind: setting.Bool(), PerWorkspace: true,
	}
	photoSetting = setting.Setting[bool]{
		Name: "insuree.photo_required", Label: "Photo required", Help: "Nobody is then registered without a photo.", Kind: setting.Bool(), PerWorkspace: true,
	}
	facilitySetting = setting.Setting[bool]{
		Name: "insuree.fsp_mandatory", Label: "First point of service required", Help: "Nobody is then registered without a health facility to go to first.", Kind: setting.Bool(), PerWorkspace: true,
	}
	photoAgeSetting = setting.Setting[int64]{
		Name: "insuree.renewal_photo_age_adult", Label: "Age of photos of adults", Help: "When a policy is renewed, photos of adults that are as many months old are taken anew.",
		Kind: setting.Int(1, 600), Default: 60, PerWorkspace: true,
	}
	photoAgeChildSetting = setting.Setting[int64]{
		Name: "insuree.renewal_photo_age_child", Label: "Age of photos of children", Help: "When a policy is renewed, photos of children that are as many months old are taken anew.",
		Kind: setting.Int(1, 600), Default: 12, PerWorkspace: true,
	}
	coverSetting = setting.Setting[bool]{
		Name: "insuree.auto_cover_new_members", Label: "Cover new members", Help: "A new member is then covered by the policies of the family that have room.", Kind: setting.Bool(), PerWorkspace: true,
	}
)

func declaredSettings() []setting.Declaration {
	return []setting.Declaration{excludedSetting, validatorSetting, lengthSetting, rootSetting, workerSetting, photoSetting, facilitySetting, photoAgeSetting, photoAgeChildSetting, coverSetting}
}

// settings are the values in force.
type settings struct {
	excluded, validator                   *setting.Live[string]
	photoAge, photoAgeChild               *setting.Live[int64]
	length, root                          *setting.Live[int64]
	workers, photo, facility, coverJoined *setting.Live[bool]
}

func bind(b *setting.Book) settings {
	return settings{
		excluded: excludedSetting.Bind(b), validator: validatorSetting.Bind(b), length: lengthSetting.Bind(b), root: rootSetting.Bind(b),
		workers: workerSetting.Bind(b), photo: photoSetting.Bind(b), facility: facilitySetting.Bind(b), photoAge: photoAgeSetting.Bind(b), photoAgeChild: photoAgeChildSetting.Bind(b), coverJoined: coverSetting.Bind(b),
	}
}

// hidden are the numbers of the technical insurees of a workspace.
func (s *settings) hidden(workspace int64) []string {
	return strings.FieldsFunc(s.excluded.In(workspace), func(r rune) bool { return r == ',' || r == ' ' })
}
