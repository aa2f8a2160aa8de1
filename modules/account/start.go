package account

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http" //nolint:depguard // methods have names
	"slices"
	"strings"

	"almoner.dev/almoner/core/api"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/setting"
)

// clients are what is configured for the modules of the web client of openIMIS.
var clients = setting.Setting[json.RawMessage]{
	Name: "account.client_modules", Label: "Configuration of the openIMIS web client", Help: "An object with one object for each module of the client, such as fe-core. Everybody can read it, whoever has not signed in included.",
	Kind: setting.JSON(200_000, checkClients), Default: json.RawMessage(`{}`),
}

func checkClients(raw json.RawMessage) error {
	var modules map[string]map[string]any
	if err := json.Unmarshal(raw, &modules); err != nil {
		return fmt.Errorf("each module must have an object: %w", err)
	}
	return nil
}

// startCalls are what the web client of openIMIS asks when it starts (openimis-core §2.12).
func (s *Service) startCalls() []api.Call {
	text, integer, boolean := api.TypeOf("string"), api.TypeOf("integer"), api.TypeOf("boolean")
	object := func(title string, properties map[string]*api.Schema) *api.Schema {
		o := api.Object(properties)
		o.Title = title
		return o
	}
	jsonText := &api.Schema{Type: "string", Format: "json"}
	query := func(name, summary string, rule api.Rule, output *api.Schema, do func(q *api.Request) (any, error), input ...*entity.Field) api.Call {
		return api.Call{Name: "account.start." + name, Summary: summary, Rule: rule, Output: output, Input: input, Graph: api.CallGraph{Name: name}, Do: do}
	}
	word := func(name string) *entity.Field {
		return &entity.Field{Name: name, Kind: entity.Text, Required: true, Max: 1000, Blank: true}
	}
	return []api.Call{
		{
			Name: "account.current_user.get", Method: http.MethodGet, Path: "/api/core/users/current_user/", Summary: "Who am I, for the web client of openIMIS.",
			Wire: api.Insurance, Rule: api.SignedIn, Output: api.Object(nil), Do: s.currentUser,
		},
		query("moduleConfigurations", "What is configured for the modules of the web client.", api.Public, api.ArrayOf(object("ModuleConfigurationGQLType", map[string]*api.Schema{
			"id": {Type: "string", Format: "uuid"}, "module": text, "layer": text, "version": text, "config": text, "is_exposed": boolean,
			"controls": api.ArrayOf(object("FieldControlGQLType", map[string]*api.Schema{"field": text, "usage": integer})),
		})), s.moduleConfigurations, &entity.Field{Name: "layer", Kind: entity.Text, Blank: true}, &entity.Field{Name: "validity", Kind: entity.Text, Blank: true}),
		query("passwordPolicy", "What a password must be like.", api.Public, jsonText, func(*api.Request) (any, error) {
			return fmt.Sprintf(`{"min_length": %d, "require_upper_case": 0, "require_lower_case": 0, "require_numbers": 0, "require_special_characters": 0}`, auth.MinPassword), nil
		}),
		query("usernameLength", "The greatest length of a login name.", api.SignedIn, integer, func(*api.Request) (any, error) { return maxUsername, nil }),
		query("validateUsername", "Is a login name free?", api.Right(121701, 121702, 121703), boolean, s.free("select count(*) from account_users where username = $1", "username"), word("username")),
		query("validateUserEmail", "Is an e-mail address free?", api.Right(121701, 121702, 121703), boolean, s.free("select count(*) from account_users where email = lower($1)", "user_email"), word("user_email")),
		query("validateRoleName", "Is the name of a role free?", api.Right(122001, 122002, 122003), boolean, s.free("select count(*) from account_roles where name = $1 and validity_to is null", "role_name"), word("role_name")),
		query("modulesPermissions", "The rights of all modules.", api.Right(122001), object("ModulePermissionsListGQLType", map[string]*api.Schema{
			"module_perms_list": api.ArrayOf(object("ModulePermissionGQLType", map[string]*api.Schema{
				"module_name": text, "permissions": api.ArrayOf(object("PermissionOpenImisGQLType", map[string]*api.Schema{"perms_name": text, "perms_value": integer})),
			})),
		}), s.modulesPermissions),
		query("userObligatoryFields", "Fields of the user form that must be filled in.", api.SignedIn, api.Object(nil), func(*api.Request) (any, error) { return nil, nil }),
		query("eoObligatoryFields", "Fields of the form of an officer that must be filled in.", api.SignedIn, api.Object(nil), func(*api.Request) (any, error) { return nil, nil }),
	}
}

// maxUsername is the greatest length of a login name.
const maxUsername = 50

// free answers whether nobody has what was asked for.
func (s *Service) free(sql, input string) func(q *api.Request) (any, error) {
	return func(q *api.Request) (any, error) {
		var n int64
		err := s.db.QueryRow(q.Context(), sql, q.In[input]).Scan(&n)
		return n == 0, err
	}
}

func (s *Service) moduleConfigurations(*api.Request) (any, error) {
	var modules map[string]json.RawMessage
	if raw := s.clients.Now(); len(raw) > 0 {
		if err := json.Unmarshal(raw, &modules); err != nil {
			return nil, fmt.Errorf("read the configuration of the client: %w", err)
		}
	}
	list := []map[string]any{}
	for i, name := range slices.Sorted(maps.Keys(modules)) {
		list = append(list, map[string]any{
			"id": fmt.Sprintf("00000000-0000-7000-8000-%012d", i+1), "module": name, "layer": "fe", "version": "1", "config": string(modules[name]), "is_exposed": true, "controls": []any{},
		})
	}
	return list, nil
}

func (s *Service) modulesPermissions(*api.Request) (any, error) {
	var list []map[string]any
	byModule := map[string][]map[string]any{}
	for _, r := range s.rights() {
		byModule[r.Module] = append(byModule[r.Module], map[string]any{"perms_name": r.Key, "perms_value": r.Number})
	}
	for _, name := range slices.Sorted(maps.Keys(byModule)) {
		list = append(list, map[string]any{"module_name": name, "permissions": byModule[name]})
	}
	return map[string]any{"module_perms_list": list}, nil
}

// currentUser has the shape of openimis-core §2.12. Administrators have every number, so that their menus are there.
func (s *Service) currentUser(q *api.Request) (any, error) {
	var u user
	var numbers []int
	err := s.db.View(q.Context(), func(tx db.Queryer) error {
		var err error
		if u, _, err = userByID(q.Context(), tx, q.Actor.UserID); err != nil {
			return err
		}
		numbers, err = s.rightNumbers(q.Context(), tx, q.Actor.UserID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if numbers == nil {
		numbers = []int{}
	}
	facility, err := s.facilityOf(q, u.id)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"id": u.uuid, "username": u.login(), "t_user": nil,
		"i_user": map[string]any{
			"id": u.id, "language": u.language, "last_name": u.last, "other_names": strings.TrimSpace(u.first + " " + u.middle), "health_facility_id": facility, "rights": numbers,
			"has_password": u.passwordHash != "",
		},
	}, nil
}

// facilityOf is the facility of a person, by the module that knows facilities; null when there is none.
func (s *Service) facilityOf(q *api.Request, userID int64) (any, error) {
	if s.Facility == nil {
		return nil, nil
	}
	id, err := s.Facility(q.Context(), s.db, userID)
	if err != nil || id == 0 {
		return nil, err
	}
	return id, nil
}
