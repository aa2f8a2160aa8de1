package organisation

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// lookups are the lists that clients of the monitoring wire choose from (tpm §5.11).
func (s *Service) lookups() []*api.Resource {
	return []*api.Resource{
		{
			Name: "organisation.office_choice", Entity: s.Office, Path: "/api/offices/", Title: "Offices", Wire: api.Lenient, Can: api.List,
			Paging: api.Bare, ListShape: "min", View: api.SignedIn, Edit: api.SignedIn,
			Narrow: s.external(func(e External) scope { return e.Office }), Params: externalParams,
		},
		{
			Name: "organisation.section_choice", Entity: s.Section, Path: "/api/reports/sectors/", Title: "Sections", Wire: api.Lenient, Can: api.List,
			Paging: api.Bare, ListShape: "record", View: api.SignedIn, Edit: api.SignedIn,
			Narrow: s.external(func(e External) scope { return e.Section }), Params: externalParams,
		},
		{
			Name: "organisation.partner_choice", Entity: s.Partner, Path: "/api/v2/partners/", Title: "Partners", Wire: api.Lenient, Can: api.Read,
			Paging: api.OnDemand, ListShape: "row", Shape: "detail", View: agency, Edit: agency,
		},
		{
			Name: "organisation.intervention", Entity: s.Agreement, Path: "/api/v2/interventions/", Title: "Interventions", Wire: api.Lenient, Can: api.Read,
			Paging: api.OnDemand, ListShape: "row", Shape: "detail", View: agency, Edit: agency,
		},
		{
			Name: "organisation.result", Entity: s.Output, Path: "/api/v2/reports/results/", Title: "Results", Wire: api.Lenient, Can: api.List,
			Paging: api.OnDemand, ListShape: "result", View: agencyStaff, Edit: agencyStaff,
			Narrow: s.asked, Params: []api.Param{{Name: "values", Doc: "Ids joined by commas, which must all exist.", Schema: api.TypeOf("string")}},
		},
	}
}

var externalParams = []api.Param{{Name: "externals_module", Doc: "The module whose rows people from outside the agency ask for.", Schema: api.TypeOf("string")}}

// scope is SQL over {t}.
type scope = func(a *almoner.Actor, arg func(any) string) string

// nothing is true of no row.
func nothing(*almoner.Actor, func(any) string) string { return "1 = 0" }

// external narrows a list for people from outside the agency: to what the module that they name says, else to nothing.
func (s *Service) external(of func(External) scope) func(*api.Request) (scope, error) {
	return func(q *api.Request) (scope, error) {
		if Agency(q.Actor) {
			return nil, nil
		}
		asked := q.URL.Query().Get("externals_module")
		i := slices.IndexFunc(s.Externals, func(e External) bool { return e.Module == asked })
		if asked == "" || i < 0 || of(s.Externals[i]) == nil {
			return nothing, nil
		}
		return func(a *almoner.Actor, arg func(any) string) string {
			if sql := of(s.Externals[i])(a, arg); sql != "" {
				return sql
			}
			return nothing(a, arg)
		}, nil
	}
}

// asked narrows the results to outputs, and to those of `values=1,2`, which must all exist.
func (s *Service) asked(q *api.Request) (scope, error) {
	outputs := func(_ *almoner.Actor, arg func(any) string) string { return "{t}.result_type = " + arg(TypeOutput) }
	if !q.URL.Query().Has("values") {
		return outputs, nil
	}
	var ids db.IDs
	for _, text := range strings.Split(q.URL.Query().Get("values"), ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return nil, almoner.Invalidf("values", "not_an_integer", "A valid integer is required.")
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	var found int64
	err := s.db.QueryRow(q.Context(), "select count(*) from organisation_outputs where workspace_id = $1 and result_type = $2 and "+s.db.Engine().AnyID("id", "$3"),
		q.Actor.Workspace.ID, TypeOutput, ids).Scan(&found)
	if err != nil {
		return nil, fmt.Errorf("look for the outputs asked for: %w", err)
	}
	if int(found) != len(ids) {
		return nil, almoner.Invalidf("values", "organisation.unknown_outputs", "One of the given outputs does not exist.")
	}
	return func(a *almoner.Actor, arg func(any) string) string {
		return outputs(a, arg) + " and " + s.db.Engine().AnyID("{t}.id", arg(ids))
	}, nil
}

func (s *Service) calls() []api.Call {
	return []api.Call{
		{
			Name: "organisation.flag.list", Method: "GET", Path: "/api/v2/environment/flags/", Summary: "List the features that are switched on.",
			Wire: api.Lenient, Rule: api.SignedIn, Output: api.Object(map[string]*api.Schema{"active_flags": api.ArrayOf(api.TypeOf("string"))}),
			Do: func(*api.Request) (any, error) {
				return map[string][]string{"active_flags": s.Flags}, nil
			},
		},
		{
			Name: "organisation.dropdown.list", Method: "GET", Path: "/api/v2/dropdowns/static/", Summary: "List the choices that do not depend on a record.",
			Wire: api.Lenient, Rule: api.SignedIn, Output: api.Object(map[string]*api.Schema{}), Do: s.dropdowns,
		},
	}
}

// choice is one value of a list of choices.
type choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func (s *Service) dropdowns(q *api.Request) (any, error) {
	lists := map[string]any{}
	own := func(name string, f *entity.Field) {
		list := make([]choice, len(f.Choices))
		for i, c := range f.Choices {
			list[i] = choice{c.Value, q.ChoiceLabel(f, c)}
		}
		lists[name] = list
	}
	own("partner_types", s.Organisation.Field("organization_type"))
	own("cso_types", s.Organisation.Field("cso_type"))
	own("intervention_status", s.Agreement.Field("status"))
	own("intervention_doc_type", s.Agreement.Field("document_type"))
	for _, d := range s.Dropdowns {
		values, err := d.Values(q.Context(), s.db)
		if err != nil {
			return nil, fmt.Errorf("list the choices %s: %w", d.Name, err)
		}
		lists[d.Name] = values
	}
	return lists, nil
}
