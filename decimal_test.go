package almoner

import (
	"errors"
	"math"
	"testing"
)

func TestDecimal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		scale uint8
		want  string
		err   error
	}{
		{"12.5", 2, "12.50", nil},
		{"-0.05", 2, "-0.05", nil},
		{"+7", 0, "7", nil},
		{".5", 2, "0.50", nil},
		{"1.500000", 1, "1.5", nil},
		{"0", 4, "0.0000", nil},
		{"-0.00", 2, "0.00", nil},
		{"92233720368547758.07", 2, "92233720368547758.07", nil},
		{"92233720368547758.08", 2, "", ErrDecimalSize},
		{"0.001", 2, "", ErrDecimalScale},
		{"1.", 2, "", ErrDecimalForm},
		{"", 2, "", ErrDecimalForm},
		{"-", 2, "", ErrDecimalForm},
		{"1e3", 2, "", ErrDecimalForm},
		{"1,000", 2, "", ErrDecimalForm},
		{"--1", 2, "", ErrDecimalForm},
		{"1.2.3", 2, "", ErrDecimalForm},
	} {
		d, err := ParseDecimal(c.text, c.scale)
		if !errors.Is(err, c.err) || err == nil && d.String() != c.want {
			t.Errorf("ParseDecimal(%q, %d) = %s, %v; want %s, %v", c.text, c.scale, d, err, c.want, c.err)
		}
	}
	if got := (Decimal{math.MinInt64, 2}).String(); got != "-92233720368547758.08" {
		t.Errorf("the smallest one is %s", got)
	}
}

func TestDecimalsCompareAndAdd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		x, y Decimal
		want int
	}{
		{Decimal{150, 2}, Decimal{15, 1}, 0},
		{Decimal{151, 2}, Decimal{15, 1}, 1},
		{Decimal{-1, 0}, Decimal{1, 18}, -1},
		{Decimal{math.MaxInt64, 0}, Decimal{math.MaxInt64, 18}, 1},
		{Decimal{2, 2}, Decimal{3, 2}, -1},
	} {
		if got := c.x.Cmp(c.y); got != c.want || c.y.Cmp(c.x) != -c.want {
			t.Errorf("%s.Cmp(%s) = %d, want %d", c.x, c.y, got, c.want)
		}
	}
	if sum, err := (Decimal{10, 2}).Add(Decimal{-25, 2}); err != nil || sum != (Decimal{-15, 2}) {
		t.Errorf("0.10 - 0.25 = %s, %v", sum, err)
	}
	if _, err := (Decimal{math.MaxInt64, 2}).Add(Decimal{1, 2}); !errors.Is(err, ErrDecimalSize) {
		t.Errorf("more than there is room for: %v", err)
	}
	if d, err := (Decimal{150, 2}).Rescale(4); err != nil || d != (Decimal{15000, 4}) {
		t.Errorf("1.50 with four digits is %s, %v", d, err)
	}
}
