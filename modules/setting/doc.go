// Package setting lets administrators change settings while the program runs: the screen, the interface and the command line of core/setting.
//
// What packages and modules declare there can be overridden for all workspaces and, where the declaration allows it, for one. An override is a record: a
// reset one stays, without a value, so that the history of a setting is whole. The node on which a setting is changed has it in force with the answer,
// every other one within two seconds. What the operator wrote (file, environment, command line) is pinned and cannot be overridden; an override that was
// there before sleeps until the pin is gone.
//
// Table: setting_overrides, with its versions. Facts: setting.override_created, setting.override_updated.
package setting
