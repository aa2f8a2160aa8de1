package location

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// ultha is a tree with letters: R1 with the districts D1 and D2, R2 with D3; in D1 lie W1 with V1 and V2, and W2 with V3; in D2 lies W3 with V4.
type ultha struct {
	*world
	ids map[string]int64
}

var scheme = almoner.Workspace{ID: 7, Code: "IMIS"}

// as runs a change as somebody of the scheme.
func (u *ultha) as(a *almoner.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := almoner.WithActor(u.Context(), a)
	return u.db.InTx(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

var root = &almoner.Actor{UserID: 90, Superuser: true, AllRights: true, Workspace: scheme}

func grow(w *world) *ultha {
	w.Helper()
	u := &ultha{w, map[string]int64{}}
	err := u.as(root, func(ctx context.Context, tx *db.Tx) error {
		for i, letter := range []string{"R", "D", "W", "V"} {
			c := w.service.Level.NewChange(0, entity.Values{"number": int64(i), "name": letter, "type": letter})
			if err := w.service.Level.Save(ctx, tx, c); err != nil {
				return err
			}
			u.ids["level "+letter] = c.ID
		}
		for _, pair := range strings.Fields("R1 R2 D1<R1 D2<R1 D3<R2 W1<D1 W2<D1 W3<D2 V1<W1 V2<W1 V3<W2 V4<W3") {
			name, parent, _ := strings.Cut(pair, "<")
			c := w.service.Location.NewChange(0, entity.Values{"name": name, "p_code": name, "level": u.ids["level "+name[:1]], "parent": reference(u.ids[parent])})
			if err := w.service.Location.Save(ctx, tx, c); err != nil {
				return err
			}
			u.ids[name] = c.ID
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return u
}

// tree writes the living places with the letters of their levels and what they lie in.
func (u *ultha) tree() string {
	u.Helper()
	rows, err := u.db.Query(u.Context(), `
		select t.p_code || ':' || l.type || coalesce('<' || p.p_code, '')
		from location_locations t join location_levels l on l.id = t.level_id left join location_locations p on p.id = t.parent_id
		where t.workspace_id = 7 and t.validity_to is null order by t.p_code`)
	list, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		u.Fatal(err)
	}
	return strings.Join(list, " ")
}

// checkAncestors compares the table of ancestors with a walk from parent to parent.
func (u *ultha) checkAncestors() {
	u.Helper()
	type pair struct{ id, parent int64 }
	rows, err := u.db.Query(u.Context(), "select id, coalesce(parent_id, 0) from location_locations")
	places, err := db.Collect(rows, err, func(r db.Row) (p pair, err error) { return p, r.Scan(&p.id, &p.parent) })
	if err != nil {
		u.Fatal(err)
	}
	parent := map[int64]int64{}
	for _, p := range places {
		parent[p.id] = p.parent
	}
	var want []string
	for _, p := range places {
		distance := 0
		for at := p.id; at != 0; at = parent[at] {
			want = append(want, fmt.Sprintf("%d<%d:%d", p.id, at, distance))
			distance++
		}
	}
	rows, err = u.db.Query(u.Context(), "select location_id, ancestor_id, distance from location_ancestors")
	got, err := db.Collect(rows, err, func(r db.Row) (string, error) {
		var id, ancestor, distance int64
		err := r.Scan(&id, &ancestor, &distance)
		return fmt.Sprintf("%d<%d:%d", id, ancestor, distance), err
	})
	if err != nil {
		u.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		u.Errorf("ancestors:\n got %v\nwant %v", got, want)
	}
}

func TestMoves(t *testing.T) {
	t.Parallel()
	const before = "D1:D<R1 D2:D<R1 D3:D<R2 R1:R R2:R V1:V<W1 V2:V<W1 V3:V<W2 V4:V<W3 W1:W<D1 W2:W<D1 W3:W<D2"
	each(t, func(w *world) {
		u := grow(w)
		if got := u.tree(); got != before {
			w.Fatalf("it grew to %s", got)
		}
		for _, c := range []struct{ move, to, want string }{
			{"W1", "D2", "D1:D<R1 D2:D<R1 D3:D<R2 R1:R R2:R V1:V<W1 V2:V<W1 V3:V<W2 V4:V<W3 W1:W<D2 W2:W<D1 W3:W<D2"},
			{"V1", "V3", "D1:D<R1 D2:D<R1 D3:D<R2 R1:R R2:R V1:V<W2 V2:V<W1 V3:V<W2 V4:V<W3 W1:W<D2 W2:W<D1 W3:W<D2"},
			{"D2", "D3", "D1:D<R1 D2:W<D3 D3:D<R2 R1:R R2:R V1:V<W2 V2:V<D2 V3:V<W2 V4:V<D2 W1:V<D2 W2:W<D1 W3:V<D2"},
			{"D2", "", "D1:D<R1 D2:R D3:D<R2 R1:R R2:R V1:V<W2 V2:D<D2 V3:V<W2 V4:D<D2 W1:D<D2 W2:W<D1 W3:D<D2"},
			{"W1", "V1", "D1:D<R1 D2:R D3:D<R2 R1:R R2:R V1:V<W2 V2:D<D2 V3:V<W2 V4:D<D2 W1:V<W2 W2:W<D1 W3:D<D2"},
		} {
			if err := u.as(root, func(ctx context.Context, tx *db.Tx) error { return w.service.Move(ctx, tx, u.ids[c.move], u.ids[c.to]) }); err != nil {
				w.Fatalf("%s to %s: %v", c.move, c.to, err)
			}
			if got := u.tree(); got != c.want {
				w.Fatalf("%s to %s:\n got %s\nwant %s", c.move, c.to, got, c.want)
			}
			u.checkAncestors()
		}
		var past int64
		if err := w.db.QueryRow(w.Context(), "select count(*) from location_locations_versions where past_id is not null and record_id = $1", u.ids["W1"]).Scan(&past); err != nil || past != 4 {
			w.Errorf("W1, which moved four times, has a past of %d rows, %v", past, err)
		}
		for _, c := range []struct{ move, to, code string }{{"D1", "V3", "location.within_itself"}, {"D1", "D1", "location.within_itself"}} {
			err := u.as(root, func(ctx context.Context, tx *db.Tx) error { return w.service.Move(ctx, tx, u.ids[c.move], u.ids[c.to]) })
			if err == nil || !strings.Contains(err.Error(), "lie within itself") {
				w.Errorf("%s to %s: %v", c.move, c.to, err)
			}
		}
	})
}

func TestWhereEachLevelLies(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		u := grow(w)
		clerk := &almoner.Actor{UserID: 91, Workspace: scheme, Rights: []int{RightCreate, RightChange}}
		keeper := &almoner.Actor{UserID: 92, Workspace: scheme, Rights: []int{RightRegions}}
		for _, c := range []struct {
			as            *almoner.Actor
			level, parent string
			want          string
		}{
			{clerk, "W", "D1", ""},
			{clerk, "V", "W1", ""},
			{clerk, "W", "R1", "exactly one level up"},
			{clerk, "V", "", "exactly one level up"},
			{clerk, "D", "R1", "regions and districts"},
			{clerk, "R", "", "regions and districts"},
			{keeper, "D", "R1", ""},
			{keeper, "R", "R1", "lies in no other"},
		} {
			err := u.as(c.as, func(ctx context.Context, tx *db.Tx) error {
				return w.service.Location.Save(ctx, tx, w.service.Location.NewChange(0, entity.Values{"name": "New", "level": u.ids["level "+c.level], "parent": reference(u.ids[c.parent])}))
			})
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				w.Errorf("%s in %q: %v, want %q", c.level, c.parent, err, c.want)
			}
		}
		var n int64
		if err := w.db.QueryRow(w.Context(), "select count(*) from location_user_districts where user_id = 92").Scan(&n); err != nil || n != 1 {
			w.Errorf("who made a district works in %d, %v", n, err)
		}
	})
}

func TestClosing(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		u := grow(w)
		kept := int64(0)
		w.service.Keepers = []Keeper{{Code: "test.kept", Message: "It is needed.", SQL: func(place string) string {
			return fmt.Sprintf("select 1 where %s = %d", place, kept)
		}}}
		shut := func(id, successor string) error {
			return u.as(root, func(ctx context.Context, tx *db.Tx) error {
				return w.service.Close(ctx, tx, u.ids[id], u.ids[successor])
			})
		}
		kept = u.ids["V3"]
		if err := shut("D1", ""); almoner.KindOf(err) != almoner.Conflict || !strings.Contains(err.Error(), "needed") {
			w.Errorf("a district with a village that is needed: %v", err)
		}
		kept = 0
		if err := shut("W1", "W2"); err != nil {
			w.Error(err)
		}
		if err := shut("W3", "W3"); err == nil {
			w.Error("a place succeeds itself")
		}
		if err := shut("D2", ""); err != nil {
			w.Error(err)
		}
		if err := shut("D2", ""); almoner.KindOf(err) != almoner.NotFound {
			w.Errorf("closed twice: %v", err)
		}
		if got := u.tree(); got != "D1:D<R1 D3:D<R2 R1:R R2:R V1:V<W2 V2:V<W2 V3:V<W2 W2:W<D1" {
			w.Errorf("left is %s", got)
		}
		u.checkAncestors()
		var n int64
		if err := w.db.QueryRow(w.Context(), "select count(*) from location_user_districts where location_id = $1", u.ids["D2"]).Scan(&n); err != nil || n != 0 {
			w.Errorf("%d people work in a closed district, %v", n, err)
		}
	})
}

// Whatever happens to a tree, the table of ancestors says what a walk says.
func TestAncestorsAreThoseOfAWalk(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		u := grow(w)
		r := rand.New(rand.NewPCG(1, 2))
		names := []string{"R1", "R2", "D1", "D2", "D3", "W1", "W2", "W3", "V1", "V2", "V3", "V4"}
		done := 0
		for range 40 {
			a, b := names[r.IntN(len(names))], names[r.IntN(len(names))]
			err := u.as(root, func(ctx context.Context, tx *db.Tx) error {
				if r.IntN(8) == 0 {
					return w.service.Close(ctx, tx, u.ids[a], u.ids[b])
				}
				return w.service.Move(ctx, tx, u.ids[a], u.ids[b])
			})
			if almoner.KindOf(err) == almoner.Internal && err != nil {
				w.Fatal(err)
			}
			if err == nil {
				done++
			}
		}
		if done < 10 {
			w.Errorf("only %d of 40 changes were possible", done)
		}
		u.checkAncestors()
	})
}

func TestWhereSomebodyWorks(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		u := grow(w)
		officer := &almoner.Actor{UserID: 95, Workspace: scheme}
		w.service.Bases = []Base{{Name: "officer", SQL: func(a *almoner.Actor, arg func(any) string) string {
			return fmt.Sprintf("select id from location_locations where id = %s and %s = 95", arg(u.ids["V4"]), arg(a.UserID))
		}}}
		err := u.as(root, func(ctx context.Context, tx *db.Tx) error {
			for user, districts := range map[int64][]int64{93: {u.ids["D1"]}, 94: {u.ids["D1"], u.ids["D2"]}, 95: {u.ids["D3"]}} {
				if err := w.service.SetDistricts(ctx, tx, user, districts); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
		if err := u.as(root, func(ctx context.Context, tx *db.Tx) error {
			return w.service.SetDistricts(ctx, tx, 93, []int64{u.ids["W1"]})
		}); almoner.KindOf(err) != almoner.Invalid {
			w.Errorf("a ward as a district: %v", err)
		}
		one := &almoner.Actor{UserID: 93, Workspace: scheme}
		both := &almoner.Actor{UserID: 94, Workspace: scheme}
		elsewhere := &almoner.Actor{UserID: 93, Workspace: almoner.Workspace{ID: 8}}
		const all = "D1 D2 D3 R1 R2 V1 V2 V3 V4 W1 W2 W3"
		for _, c := range []struct {
			name          string
			as            *almoner.Actor
			within, shown string
		}{
			{"one district", one, "D1 V1 V2 V3 W1 W2", "D1 V1 V2 V3 W1 W2"},
			{"all of a region", both, "D1 D2 V1 V2 V3 V4 W1 W2 W3", "D1 D2 R1 V1 V2 V3 V4 W1 W2 W3"},
			{"an officer", officer, "V4", "D2 R1 V4 W3"},
			{"no district", &almoner.Actor{UserID: 99, Workspace: scheme}, "", ""},
			{"districts elsewhere", elsewhere, "", ""},
			{"who keeps regions", &almoner.Actor{UserID: 99, Workspace: scheme, Rights: []int{RightRegions}}, "", all},
			{"an administrator", root, all, all},
			{"all rights", &almoner.Actor{UserID: 99, Workspace: scheme, AllRights: true}, all, all},
			{"a stranger", &almoner.Actor{}, "", ""},
		} {
			found := func(sql func(arg func(any) string) string) string {
				var args []any
				where := sql(func(v any) string {
					args = append(args, v)
					return fmt.Sprintf("$%d", len(args))
				})
				if where == "" {
					where = "1 = 1"
				}
				rows, err := w.db.Query(w.Context(), "select t.p_code from location_locations t where t.workspace_id = 7 and "+strings.ReplaceAll(where, "{t}", "t")+" order by 1", args...)
				list, err := db.Collect(rows, err, func(r db.Row) (s string, err error) { return s, r.Scan(&s) })
				if err != nil {
					w.Fatal(err)
				}
				return strings.Join(list, " ")
			}
			if got := found(func(arg func(any) string) string { return w.service.Within(c.as, arg, "t.id") }); got != c.within {
				w.Errorf("%s: within %s, want %s", c.name, got, c.within)
			}
			if got := found(func(arg func(any) string) string { return w.service.Shown(c.as, arg) }); got != c.shown {
				w.Errorf("%s: shown %s, want %s", c.name, got, c.shown)
			}
			national := found(func(arg func(any) string) string { return w.service.Within(c.as, arg, "t.legacy_id") }) // null everywhere
			if want := map[bool]string{true: all, false: ""}[c.as.SignedIn()]; national != want {
				w.Errorf("%s: of the national %s", c.name, national)
			}
		}
		for _, c := range []struct {
			as     *almoner.Actor
			ids    db.IDs
			strict bool
			want   bool
		}{
			{officer, db.IDs{u.ids["V4"], u.ids["D2"]}, true, false},
			{officer, db.IDs{u.ids["V4"], u.ids["D2"]}, false, true},
			{officer, db.IDs{u.ids["V4"], u.ids["D1"]}, false, false},
			{one, db.IDs{u.ids["D1"]}, true, true},
			{one, db.IDs{u.ids["D1"], u.ids["R1"]}, true, false},
			{one, db.IDs{u.ids["D1"], u.ids["R1"]}, false, true},
			{root, db.IDs{u.ids["R2"]}, true, true},
		} {
			if got, err := w.service.IsAllowed(w.Context(), w.db, c.as, c.ids, c.strict); err != nil || got != c.want {
				w.Errorf("%d of %v strictly %v: %v, %v", c.as.UserID, c.ids, c.strict, got, err)
			}
		}
	})
}

func TestCounts(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		u := grow(w)
		counts := func(name string, within, below int) {
			t.Helper()
			sql := "select (" + strings.ReplaceAll(withinSQL, "{t}", "t") + "), (" + strings.ReplaceAll(belowSQL, "{t}", "t") + ") from location_locations t where t.id = $1"
			var direct, all int
			if err := u.db.QueryRow(u.Context(), sql, u.ids[name]).Scan(&direct, &all); err != nil {
				t.Fatal(err)
			}
			if direct != within || all != below {
				t.Errorf("%s has %d and %d, want %d and %d", name, direct, all, within, below)
			}
		}
		counts("R1", 2, 9)
		counts("W1", 2, 2)
		counts("V1", 0, 0)
		err := u.as(root, func(ctx context.Context, tx *db.Tx) error { return w.service.Close(ctx, tx, u.ids["W1"], 0) })
		if err != nil {
			t.Fatal(err)
		}
		counts("R1", 2, 6)
		counts("D1", 1, 2)
	})
}
