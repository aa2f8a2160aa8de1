package insuree

import (
	"context"
	"fmt"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
)

// Verdict is what is wrong with an insurance number; the zero value is that nothing is.
type Verdict struct {
	// Code is that of the wire: 1 taken, 2 missing, 3 of another length, 4 with a wrong check digit, 5 not a number, 6 and 7 a check that cannot be made.
	Code    int
	Message string
}

// Valid reports whether nothing is wrong.
func (v Verdict) Valid() bool { return v.Code == 0 }

// The verdicts of the built-in checks.
const (
	numberTaken = iota + 1
	numberMissing
	numberLength
	numberDigit
	numberShape
	validatorUnknown
)

// Validator is a country's own check of insurance numbers, chosen by its name in the setting insuree.number_validator. Its verdict is final.
type Validator func(number string) Verdict

// maxNumber is the greatest length of an insurance number.
const maxNumber = 50

// checkNumber judges a number without looking whether it is taken.
func (s *Service) checkNumber(number string, workspace int64) Verdict {
	if name := s.settings.validator.In(workspace); name != "" {
		check := s.Validators[name]
		if check == nil {
			return Verdict{validatorUnknown, "The check of insurance numbers that was chosen is not part of this program."}
		}
		return check(number)
	}
	if length := s.settings.length.In(workspace); length > 0 {
		switch {
		case number == "":
			return Verdict{numberMissing, "An insurance number is needed."}
		case int64(len([]rune(number))) != length:
			return Verdict{numberLength, "The insurance number has another length."}
		}
	}
	if root := s.settings.root.In(workspace); root > 0 {
		return checkDigit(number, int(root))
	}
	return Verdict{}
}

// checkDigit compares the last digit with what follows from the others: a weighted sum for a root of 10, else the remainder.
func checkDigit(number string, root int) Verdict {
	if number == "" || len(number) > maxNumber {
		return Verdict{numberShape, "An insurance number with a check digit has digits only."}
	}
	for _, r := range number {
		if r < '0' || r > '9' {
			return Verdict{numberShape, "An insurance number with a check digit has digits only."}
		}
	}
	last := int(number[len(number)-1] - '0')
	body := number[:len(number)-1]
	right := false
	if root == 10 {
		right = (luhnSum(body)+last)%10 == 0
	} else {
		if body == "" {
			return Verdict{numberShape, "An insurance number with a check digit has digits only."}
		}
		rest := 0
		for _, r := range body { // any length: the remainder of the number, digit by digit
			rest = (rest*10 + int(r-'0')) % root
		}
		right = rest == last
	}
	if !right {
		return Verdict{numberDigit, "The check digit of the insurance number is wrong."}
	}
	return Verdict{}
}

// luhnSum counts from the left, so that it agrees with the usual check for numbers of even length only: issued numbers satisfy this one.
func luhnSum(body string) int {
	sum := 0
	for i, r := range body {
		d := int(r - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum
}

// WeightedValidator is the check of numbers of 13 digits: the weights 7, 3, 1 are repeated over the first twelve, and the last digit of the sum is the thirteenth.
func WeightedValidator(number string) Verdict {
	if len(number) != 13 {
		return Verdict{numberLength, "The insurance number has another length."}
	}
	sum := 0
	for i, r := range number {
		if r < '0' || r > '9' {
			return Verdict{numberShape, "An insurance number with a check digit has digits only."}
		}
		if i < 12 {
			sum += int(r-'0') * []int{7, 3, 1}[i%3]
		}
	}
	if sum%10 != int(number[12]-'0') {
		return Verdict{numberDigit, "The check digit of the insurance number is wrong."}
	}
	return Verdict{}
}

// CheckNumber judges the number of an insuree, whose id is 0 for a new one: whether another valid insuree of the workspace has it, then its form.
func (s *Service) CheckNumber(ctx context.Context, q db.Queryer, number string, id int64) (Verdict, error) {
	var n int64
	workspace := almoner.ActorOf(ctx).Workspace.ID
	err := q.QueryRow(ctx, "select count(*) from insuree_insurees where workspace_id = $1 and chf_id = $2 and validity_to is null and id <> $3", workspace, number, id).Scan(&n)
	if err != nil {
		return Verdict{}, fmt.Errorf("look for an insurance number: %w", err)
	}
	if n > 0 {
		return Verdict{numberTaken, "Another insuree has this insurance number."}, nil
	}
	return s.checkNumber(number, workspace), nil
}

// textCode is where the message of a verdict has its words in other languages.
func (v Verdict) textCode() string {
	switch v.Code {
	case numberTaken:
		return "insuree.number_taken"
	case numberMissing:
		return "insuree.number_missing"
	case numberLength:
		return "insuree.number_length"
	case numberDigit:
		return "insuree.number_digit"
	case numberShape:
		return "insuree.number_shape"
	}
	return "insuree.invalid_insuree_number"
}
