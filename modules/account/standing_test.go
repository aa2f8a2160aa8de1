package account_test

import (
	"testing"

	"almoner.dev/almoner/core/entity"
)

// People are active exactly while they have an active grant, and nobody without being active has one; administrators stay (tpm §2.1).
func TestStanding(t *testing.T) {
	t.Parallel()
	eachHall(t, func(h *hall) {
		h.same("without an active grant from the start", h.active("gone@firm.example"), false)
		h.same("who has none at all", h.active("nogrant@else.example"), true)
		user := func(email string, active bool) {
			h.Helper()
			h.save(h.account.User.NewChange(h.id("user "+email), entity.Values{"is_active": active}))
		}
		grant := func(email, org, role string) *entity.Change {
			h.Helper()
			var id int64
			err := h.a.DB.QueryRow(h.Context(), "select id from account_grants where user_id = $1 and organization_id = $2 and role_id = $3",
				h.id("user "+email), h.id("org "+org), h.id("role "+role)).Scan(&id)
			if err != nil {
				h.Fatal(err)
			}
			return h.account.Grant.NewChange(id, nil)
		}
		set := func(c *entity.Change, active bool) {
			h.Helper()
			c.Set("is_active", active)
			h.save(c)
		}

		mixed := h.id("user mixed@firm.example")
		before := len(h.facts("account.user", mixed, 0))
		user("mixed@firm.example", false)
		h.same("grants of who was deactivated", h.grants("mixed@firm.example"), []string{"-KEN F1 Third Party Monitor", "-KEN F1 Unrelated", "-LBN F4 Third Party Monitor"})
		h.same("facts", h.facts("account.user", mixed, before), []string{
			"account.user_updated is_active", "account.grant_updated is_active", "account.grant_updated is_active", "account.grant_updated is_active",
		})
		user("mixed@firm.example", true)
		h.same("grants do not come back by themselves", h.grants("mixed@firm.example"), []string{"-KEN F1 Third Party Monitor", "-KEN F1 Unrelated", "-LBN F4 Third Party Monitor"})

		set(grant("tpm@firm.example", "F1", "Third Party Monitor"), false)
		h.same("after the last grant went", h.active("tpm@firm.example"), false)
		set(grant("tpm@firm.example", "F1", "Third Party Monitor"), true)
		h.same("after one came back", h.active("tpm@firm.example"), true)
		set(grant("left@firm.example", "F1", "Third Party Monitor"), true)
		set(grant("left@firm.example", "F1", "Third Party Monitor"), false)
		h.same("with a grant elsewhere", h.active("left@firm.example"), true)

		set(grant("admin@agency.example", "F2", "Third Party Monitor"), false)
		h.same("an administrator without grants", h.active("admin@agency.example"), true)

		gone := grant("partner@c1.example", "C1", "Unrelated")
		h.save(h.account.Grant.NewDelete(gone.ID))
		h.same("after the only grant was deleted", h.active("partner@c1.example"), false)

		moved := grant("tpm@firm.example", "F1", "Third Party Monitor")
		moved.Set("user", h.id("user nogrant@else.example"))
		h.save(moved)
		h.same("whose grant went to somebody else", h.active("tpm@firm.example"), false)
		h.same("who got it", h.active("nogrant@else.example"), true)
	})
}
