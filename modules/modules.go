// Package modules is the list of modules that this distribution compiles in.
package modules

import (
	"almoner.dev/almoner/core/module"
	"almoner.dev/almoner/modules/account"
	"almoner.dev/almoner/modules/attachment"
	"almoner.dev/almoner/modules/customisation"
	"almoner.dev/almoner/modules/facility"
	"almoner.dev/almoner/modules/insuree"
	"almoner.dev/almoner/modules/location"
	"almoner.dev/almoner/modules/medical"
	"almoner.dev/almoner/modules/officer"
	"almoner.dev/almoner/modules/organisation"
	"almoner.dev/almoner/modules/permission"
	"almoner.dev/almoner/modules/setting"
	"almoner.dev/almoner/modules/tpm"
)

// All returns every module, in no particular order: their needs order them.
func All() []module.Definition {
	return []module.Definition{account.Module, attachment.Module, customisation.Module, facility.Module, insuree.Module, location.Module, medical.Module, officer.Module, organisation.Module, permission.Module, setting.Module, tpm.Module}
}
