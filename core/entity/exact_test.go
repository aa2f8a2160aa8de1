package entity_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/entity/entitytest"
)

func decimal(text string, scale uint8) almoner.Decimal {
	d, err := almoner.ParseDecimal(text, scale)
	if err != nil {
		panic(err)
	}
	return d
}

// tariffs are the codes that a query string finds for a librarian, in order.
func tariffs(t *testing.T, l *entitytest.Library, query string) string {
	t.Helper()
	params, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, others, err := l.Tariff.ParseQuery(entity.Viewer{}, params)
	if err != nil || len(others) > 0 {
		return fmt.Sprint(err, others)
	}
	rows, err := l.Tariff.Page(t.Context(), l.DB, l.Viewer(entitytest.Librarian), q)
	if err != nil {
		t.Errorf("%s: %v", query, err)
		return ""
	}
	if n, err := l.Tariff.Count(t.Context(), l.DB, l.Viewer(entitytest.Librarian), q); err != nil || n != len(rows) {
		t.Errorf("%s: %d rows, counted %d, %v", query, len(rows), n, err)
	}
	var codes []string
	for _, row := range rows {
		var read struct{ Code string }
		if err := json.Unmarshal(row, &read); err != nil {
			t.Fatal(err)
		}
		codes = append(codes, read.Code)
	}
	return strings.Join(codes, " ")
}

func TestExactNumbersAndUUIDs(t *testing.T) {
	t.Parallel()
	entitytest.Each(t, func(t *testing.T, l *entitytest.Library) {
		const known = "0190b2a1-7e5c-7000-8000-00000000000a"
		l.Add(t, l.Tariff, entity.Values{"code": "A", "price": decimal("9.99", 2), "uuid": known})
		ten := l.Add(t, l.Tariff, entity.Values{"code": "B", "price": decimal("10", 2), "weight": decimal("0.0001", 4)})
		l.Add(t, l.Tariff, entity.Values{"code": "C", "price": decimal("-92233720368547758.07", 2)})
		for _, c := range []struct{ query, want string }{
			{"ordering=price", "C A B"},
			{"ordering=-price", "B A C"},
			{"price=10", "B"},
			{"price__in=9.99,10.00", "A B"},
			{"price__gt=9.985", `The input is not valid.; price__gt: Ensure that there are no more than 2 decimal places.`},
			{"price__gte=9.99", "A B"},
			{"price__lt=0", "C"},
			{"uuid=" + strings.ToUpper(known), "A"},
			{"uuid__in=" + known + ",nonsense", "A"},
			{"uuid=nonsense", ""},
		} {
			if got := tariffs(t, l, c.query); !strings.HasPrefix(got, c.want) || got != "" && c.want == "" {
				t.Errorf("%s: got %q, want %q", c.query, got, c.want)
			}
		}
		shape := regexp.MustCompile(`^\{"id":\d+,"uuid":"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}","legacy_id":null,"validity_from":"[^"]+","validity_to":null,"code":"B","price":"10.00","weight":"0.0001","author":null\}$`)
		if got := l.Object(t, entitytest.Librarian, l.Tariff, "", ten); !shape.MatchString(got) {
			t.Errorf("shown as %s", got)
		}
		if err := l.Save(t.Context(), entitytest.Librarian, l.Tariff.NewChange(0, entity.Values{"code": "D", "price": decimal("1", 2), "uuid": known})); almoner.KindOf(err) != almoner.Invalid {
			t.Errorf("a UUID that is taken: %v", err)
		}
	})
}

func TestExactInput(t *testing.T) {
	t.Parallel()
	price := &entity.Field{Name: "price", Kind: entity.Decimal, Scale: 2}
	id := &entity.Field{Name: "uuid", Kind: entity.UUID}
	for _, c := range []struct {
		field *entity.Field
		raw   any
		want  any
		code  string
	}{
		{price, json.Number("12.5"), decimal("12.50", 2), ""},
		{price, " 12.50 ", decimal("12.50", 2), ""},
		{price, json.Number("12.505"), nil, "too_many_decimals"},
		{price, json.Number("1e2"), nil, "not_a_number"},
		{price, "92233720368547758.08", nil, "number_too_large"},
		{price, true, nil, "not_a_number"},
		{price, nil, nil, "null"},
		{id, "0190B2A1-7E5C-7000-8000-00000000000A", "0190b2a1-7e5c-7000-8000-00000000000a", ""},
		{id, "0190b2a17e5c7000800000000000000a", nil, "bad_uuid"},
		{id, json.Number("7"), nil, "bad_uuid"},
	} {
		got, bad := c.field.Decode(c.raw)
		code := ""
		if len(bad) > 0 {
			code = bad[0].Code
		}
		if got != c.want || code != c.code {
			t.Errorf("%s %v: got %v %q, want %v %q", c.field.Name, c.raw, got, code, c.want, c.code)
		}
	}
}
