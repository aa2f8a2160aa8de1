package almoner

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// MaxScale is the greatest number of digits behind the point of a Decimal.
const MaxScale = 18

// The ways in which a text is no Decimal.
var (
	// ErrDecimalForm reports a text that is no number in plain notation.
	ErrDecimalForm = errors.New("not a number")
	// ErrDecimalScale reports more digits behind the point than there may be.
	ErrDecimalScale = errors.New("too many digits behind the point")
	// ErrDecimalSize reports a number that is too large to be kept exactly.
	ErrDecimalSize = errors.New("too large a number")
)

// Decimal is an exact number with a fixed number of digits behind the point: money, quantities, indexes. It is stored as the bigint Units, so that
// sums and comparisons in the database are exact on every engine. Two decimals of one scale are equal when == says so.
type Decimal struct {
	// Units counts the smallest part: cents for a scale of 2.
	Units int64
	// Scale is the number of digits behind the point, at most MaxScale.
	Scale uint8
}

// ParseDecimal reads a number in plain notation: an optional sign, digits, and at most scale digits behind a point. Zeros at the end do not count as
// digits. The error is one of ErrDecimalForm, ErrDecimalScale and ErrDecimalSize.
func ParseDecimal(text string, scale uint8) (Decimal, error) {
	whole, fraction, point := strings.Cut(text, ".")
	negative := strings.HasPrefix(whole, "-")
	if negative || strings.HasPrefix(whole, "+") {
		whole = whole[1:]
	}
	if whole == "" && fraction == "" || point && fraction == "" || !digits(whole) || !digits(fraction) {
		return Decimal{}, ErrDecimalForm
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > int(scale) {
		return Decimal{}, ErrDecimalScale
	}
	all := strings.TrimLeft(whole+fraction+strings.Repeat("0", int(scale)-len(fraction)), "0")
	if all == "" {
		return Decimal{Scale: scale}, nil
	}
	units, err := strconv.ParseInt(all, 10, 64)
	if err != nil {
		return Decimal{}, ErrDecimalSize
	}
	if negative {
		units = -units
	}
	return Decimal{units, scale}, nil
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// Append writes the number with all its digits behind the point: 12.50.
func (d Decimal) Append(b []byte) []byte {
	units := uint64(d.Units)
	if d.Units < 0 {
		b = append(b, '-')
		units = -units // right for the smallest one, too
	}
	text := strconv.FormatUint(units, 10)
	if d.Scale == 0 {
		return append(b, text...)
	}
	if missing := int(d.Scale) + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	point := len(text) - int(d.Scale)
	return append(append(append(b, text[:point]...), '.'), text[point:]...)
}

// String is the number with all its digits behind the point.
func (d Decimal) String() string { return string(d.Append(nil)) }

// Rescale returns the same number with another scale, ErrDecimalScale when digits would be lost and ErrDecimalSize when it grew too large.
func (d Decimal) Rescale(scale uint8) (Decimal, error) { return ParseDecimal(d.String(), scale) }

// Cmp is negative when d is less than o, positive when it is greater, 0 when both are the same number; their scales may differ.
func (d Decimal) Cmp(o Decimal) int {
	if d.Scale == o.Scale {
		switch {
		case d.Units < o.Units:
			return -1
		case d.Units > o.Units:
			return 1
		}
		return 0
	}
	return d.times(o.Scale).Cmp(o.times(d.Scale))
}

// times is the number of units multiplied by ten for each digit of a scale.
func (d Decimal) times(scale uint8) *big.Int {
	n := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	return n.Mul(n, big.NewInt(d.Units))
}

// Add returns the sum; both must have the same scale, which is a mistake in code otherwise and panics. ErrDecimalSize when it is too large.
func (d Decimal) Add(o Decimal) (Decimal, error) {
	if d.Scale != o.Scale {
		panic(fmt.Sprintf("almoner: %s and %s have different scales", d, o))
	}
	if o.Units > 0 && d.Units > math.MaxInt64-o.Units || o.Units < 0 && d.Units < math.MinInt64-o.Units {
		return Decimal{}, ErrDecimalSize
	}
	return Decimal{d.Units + o.Units, d.Scale}, nil
}
