package insuree

import (
	"fmt"
	"testing"

	"almoner.dev/almoner/core/setting"
)

// What the tests of the original assert about numbers (openimis-enrolment §17), and what the rules add.
func TestNumbers(t *testing.T) {
	t.Parallel()
	s := &Service{Validators: map[string]Validator{"weighted": WeightedValidator, "funny": func(number string) Verdict {
		if number == "refused" {
			return Verdict{42, "Not this one."}
		}
		return Verdict{}
	}}}
	for _, c := range []struct {
		validator    string
		length, root int64
		number       string
		code         int
	}{
		{"", 0, 0, "123456782", 0},
		{"", 0, 0, "070707070", 0},
		{"", 0, 0, "", 0},
		{"funny", 5, 7, "refused", 42},
		{"funny", 5, 7, "anything", 0},
		{"funny", 5, 7, "", 0},
		{"missing", 0, 0, "1", 6},
		{"", 5, 0, "", 2},
		{"", 5, 0, "foo", 3},
		{"", 5, 0, "1234567", 3},
		{"", 5, 0, "12345", 0},
		{"", 7, 0, "1234567", 0},
		{"", 5, 7, "12342", 0},
		{"", 5, 7, "12345", 4},
		{"", 5, 7, "", 2},
		{"", 0, 7, "", 5},
		{"", 0, 7, "5", 5},
		{"", 7, 5, "1234561", 0},
		{"", 7, 5, "1234560", 4},
		{"", 7, 5, "12345", 3},
		// The weighted sum from the left: right for numbers of even length as usual, other than usual for odd ones.
		{"", 0, 10, "12345674", 0},
		{"", 0, 10, "12345675", 4},
		{"", 0, 10, "1234569", 0},
		{"", 0, 10, "12x4", 5},
		{"weighted", 0, 0, "2000000000004", 0},
		{"weighted", 0, 0, "2000000000005", 4},
		{"weighted", 0, 0, "200", 3},
		{"weighted", 0, 0, "200000000000x", 5},
	} {
		s.settings = settings{validator: setting.Fixed(c.validator), length: setting.Fixed(c.length), root: setting.Fixed(c.root)}
		if got := s.checkNumber(c.number, 1); got.Code != c.code || got.Valid() != (got.Message == "") {
			t.Errorf("%q with %q, length %d, root %d: %+v, not %d", c.number, c.validator, c.length, c.root, got, c.code)
		}
	}
	for i := range 100 { // whatever the check digit is, exactly one is right
		right := 0
		for digit := range 10 {
			if checkDigit(fmt.Sprintf("%d%d", 1000+i*37, digit), 10).Valid() {
				right++
			}
		}
		if right != 1 {
			t.Errorf("%d check digits of %d are right", right, 1000+i*37)
		}
	}
}
