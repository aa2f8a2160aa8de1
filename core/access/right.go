package access

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Right is a permission that is known by a number, as on the wire of the insurance side (openimis-core §2.13): six digits, the first ones for the thing, the
// last two for what is done with it. Roles hold numbers; an operation asks for one.
type Right struct {
	Number int
	// Key is its stable name among those of its module: gql_query_locations_perms.
	Key string
	// Label is what it lets somebody do, in English.
	Label string
	// Roles are the numbers of the shipped roles that hold it in a new installation. The administrator's holds every right and is not named.
	Roles []int
	// Module is that of the declaration; it is filled in.
	Module string
}

// Rights are the rights of a program, in order of their numbers.
type Rights []Right

// CompileRights puts the rights of all modules in order. Numbers that clash, and rights without a number, a key or a label, are told all at once.
func CompileRights(list []Right) (Rights, error) {
	rights := slices.Clone(list)
	slices.SortStableFunc(rights, func(a, b Right) int { return cmp.Compare(a.Number, b.Number) })
	var errs []error
	for i, r := range rights {
		switch {
		case r.Number < 100_000 || r.Number > 999_999:
			errs = append(errs, fmt.Errorf("right %d of %s: a number has six digits", r.Number, r.Module))
		case r.Key == "" || r.Label == "":
			errs = append(errs, fmt.Errorf("right %d of %s: a key and a label are needed", r.Number, r.Module))
		case i > 0 && rights[i-1].Number == r.Number:
			errs = append(errs, fmt.Errorf("right %d is declared twice: %s of %s and %s of %s", r.Number, rights[i-1].Key, rights[i-1].Module, r.Key, r.Module))
		}
	}
	return rights, errors.Join(errs...)
}

// Has reports whether there is a right with this number.
func (r Rights) Has(number int) bool {
	_, ok := slices.BinarySearchFunc(r, number, func(r Right, n int) int { return cmp.Compare(r.Number, n) })
	return ok
}

// Numbers are those of all rights, in order.
func (r Rights) Numbers() []int {
	list := make([]int, len(r))
	for i := range r {
		list[i] = r[i].Number
	}
	return list
}
