// Package location knows where things are: one tree of places per workspace, with levels that are data, so that a tree by p-code and a tree of
// regions, districts, wards and villages are both at home here.
//
// Other modules refer to Service.Location and read it through its shapes:
//
//	location:light  the object of the monitoring wire (tpm §5.1), the id as text
//	location:pin    what a map needs
//
// Places are archived, not deleted: visits of former years were somewhere.
package location
