package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The lines of a price list are changed by one person at a time, by the version of their list; and what the list was before is still known afterwards.
func TestPriceListsAreChangedByOneAtATime(t *testing.T) {
	eachScheme(t, func(t *testing.T, s *schemes) {
		head := s.a.As(schemeHead)
		var id int64
		var uuid, item string
		err := s.a.DB.QueryRow(t.Context(), "select l.id, l.uuid, i.uuid from medical_items_pricelists l join medical_items_pricelist_details d on d.pricelist_id = l.id join medical_items i on i.id = d.item_id where l.name = 'Items of Jambero' order by d.id").Scan(&id, &uuid, &item)
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("/api/medical/items-pricelists/%d/", id)
		const update = "/api/medical/items-pricelists/update/"
		change := func(name, price string) map[string]any {
			return map[string]any{"uuid": uuid, "name": name, "pricelist_date": "2026-01-01", "price_overrules": []any{map[string]any{"uuid": item, "price": price}}}
		}
		tag := head.Get(path).Want(t, http.StatusOK).Header.Get("ETag")
		head.With("If-Match", tag).Post(update, change("Items of Jambero", "7.25")).Want(t, http.StatusNoContent)
		head.With("If-Match", tag).Post(update, change("Items of Jambero", "7.50")).Want(t, http.StatusConflict)
		head.With("If-Match", tag).Patch(path, map[string]any{"name": "Jambero"}).Want(t, http.StatusConflict)
		read := head.Get(path+"?include=permissions").Want(t, http.StatusOK)
		version := fmt.Sprint(read.Object(t)["version"])
		head.With("If-Match", `W/"`+version+`"`).Post(update, change("Jambero", "7.50")).Want(t, http.StatusNoContent)
		head.With("If-Match", `W/"`+version+`"`).Post(update, change("Jambero", "7.75")).Want(t, http.StatusConflict)
		head.Post(update, change("Jambero", "8.00")).Want(t, http.StatusNoContent)
		// On the GraphQL wire there is no If-Match; a stray one changes nothing.
		_, faults := dataOf(t, head.With("If-Match", tag), fmt.Sprintf(`mutation {updateItemsPricelist(input: {uuid: %q name: "Jambero" pricelistDate: "2026-01-01" priceOverrules: [{uuid: %q price: "8.25"}]}) {internalId}}`, uuid, item))
		if faults != "" {
			t.Error(faults)
		}
		var price int64
		if err := s.a.DB.QueryRow(t.Context(), "select price_overrule from medical_items_pricelist_details d join medical_items i on i.id = d.item_id where i.uuid = $1 and d.pricelist_id = $2 and d.validity_to is null", item, id).Scan(&price); err != nil || price != 825 {
			t.Errorf("the price is %d, %v", price, err)
		}
		// Its date was changed first, and then its name.
		data, faults := dataOf(t, head, `{itemsPricelists(showHistory: true, name: "Items of Jambero"){edges{node{name validityTo}}}}`)
		if got := told(data); faults != "" || strings.Count(got, `"name":"Items of Jambero","validityTo":"`) != 2 {
			t.Errorf("the list was %s %s", got, faults)
		}
	})
}
