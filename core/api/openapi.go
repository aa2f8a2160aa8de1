package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"almoner.dev/almoner/core/entity"
)

// Schema is a JSON Schema as OpenAPI 3.1 knows it.
type Schema struct {
	Ref         string `json:"$ref,omitempty"`
	Type        any    `json:"type,omitempty"`
	Format      string `json:"format,omitempty"`
	Description string `json:"description,omitempty"`
	// Title is also the name of the type on the GraphQL wire.
	Title      string             `json:"title,omitempty"`
	Enum       []string           `json:"enum,omitempty"`
	MaxLength  int                `json:"maxLength,omitempty"`
	Items      *Schema            `json:"items,omitempty"`
	Properties map[string]*Schema `json:"properties,omitempty"`
	Required   []string           `json:"required,omitempty"`
	AnyOf      []*Schema          `json:"anyOf,omitempty"`

	// name and build make a component, filled in when the document is written.
	name  string
	build func(o *entity.Overlay) *Schema
}

// anySchema is any JSON value.
var anySchema = &Schema{}

// Object makes the schema of an object with these properties.
func Object(properties map[string]*Schema) *Schema {
	return &Schema{Type: "object", Properties: properties}
}

// ArrayOf makes the schema of a list.
func ArrayOf(items *Schema) *Schema { return &Schema{Type: "array", Items: items} }

// OrNull makes the schema of what may be missing.
func OrNull(s *Schema) *Schema { return &Schema{AnyOf: []*Schema{s, TypeOf("null")}} }

// TypeOf makes the schema of a plain value: string, integer, boolean, number.
func TypeOf(kind string) *Schema { return &Schema{Type: kind} }

// shapeSchema is the component of a named shape of an entity.
func (a *API) shapeSchema(e *entity.Entity, shape string) *Schema {
	name := componentName(e.Name, shape)
	return &Schema{name: name, build: func(o *entity.Overlay) *Schema {
		return a.outSchema(e.Outline(shape, everything(o)))
	}}
}

var nonWord = regexp.MustCompile(`[^A-Za-z0-9]+`)

// componentName joins words in CamelCase.
func componentName(words ...string) string {
	var b strings.Builder
	for _, word := range strings.Fields(nonWord.ReplaceAllString(strings.Join(words, " "), " ")) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// outSchema describes output. No key is required: what a person may not see is left out.
func (a *API) outSchema(outs []entity.Out) *Schema {
	s := Object(map[string]*Schema{})
	for _, o := range outs {
		s.Properties[o.Name] = a.oneOut(o)
	}
	return s
}

func (a *API) oneOut(o entity.Out) *Schema {
	if o.Field == nil {
		return a.outSchema(o.Nested)
	}
	many := o.Field.Kind == entity.Refs || o.Field.Kind == entity.Children
	var one *Schema
	switch {
	case o.Shape != "":
		one = a.shapeSchema(o.Field.TargetEntity(), o.Shape)
	case o.Nested != nil:
		one = a.outSchema(o.Nested)
	case many:
		one = TypeOf("integer")
	default:
		return valueSchema(o.Field, o.Null)
	}
	switch {
	case many && !o.Field.Single:
		return ArrayOf(one)
	case many, o.Null:
		return OrNull(one)
	}
	return one
}

func valueSchema(f *entity.Field, null bool) *Schema {
	s := &Schema{}
	kind := "string"
	switch f.Kind {
	case entity.Integer, entity.Ref:
		kind = "integer"
	case entity.Bool:
		kind = "boolean"
	case entity.Number:
		kind = "number"
	case entity.Date:
		s.Format = "date"
	case entity.Decimal:
		// Written as a text, so that no reader makes a binary fraction of it; a number is taken, too.
		s.Format = "decimal"
	case entity.UUID:
		s.Format = "uuid"
	case entity.Time:
		s.Format = "date-time"
	case entity.Email:
		s.Format = "email"
	case entity.URL:
		s.Format = "uri"
	case entity.Choice:
		for _, c := range f.Choices {
			s.Enum = append(s.Enum, c.Value)
		}
	case entity.JSON:
		return anySchema
	}
	s.Type = kind
	if null {
		s.Type = []string{kind, "null"}
		s.Enum = nil
	}
	s.Description = f.Label
	return s
}

// inputSchema describes what an entity takes; which of it this person may write, OPTIONS tells.
func inputSchema(e *entity.Entity) *Schema {
	return &Schema{name: componentName(e.Name, "input"), build: func(o *entity.Overlay) *Schema {
		var fields []*entity.Field
		for _, f := range e.Fields {
			if !f.ReadOnly && !o.Hides(f) && (f.Kind != entity.Children || f.Nested) {
				fields = append(fields, f)
			}
		}
		s := fieldsSchema(fields)
		s.Required = nil // required on creation, and only from whoever may write it
		var further []*entity.Field
		for _, f := range o.Extensions(e) {
			if !f.ReadOnly {
				further = append(further, f)
			}
		}
		if len(further) > 0 {
			s.Properties[entity.ExtensionsName] = extensionsSchema(further)
		}
		return s
	}}
}

// extensionsSchema describes what extension fields take; null clears one.
func extensionsSchema(fields []*entity.Field) *Schema {
	s := Object(map[string]*Schema{})
	for _, f := range fields {
		one := valueSchema(f, true)
		if f.Kind == entity.Text || f.Kind == entity.LongText || f.Kind == entity.URL {
			one.MaxLength = f.MaxLength()
		}
		s.Properties[f.ExtensionKey()] = one
	}
	return s
}

// everything looks at all that there is under an overlay, for documents.
func everything(o *entity.Overlay) entity.Viewer { return entity.Viewer{AllFields: true}.Under(o) }

func fieldsSchema(fields []*entity.Field) *Schema {
	s := Object(map[string]*Schema{})
	for _, f := range fields {
		var one *Schema
		switch f.Kind {
		case entity.Refs:
			one = ArrayOf(TypeOf("integer"))
		case entity.Children:
			one = ArrayOf(inputSchema(f.TargetEntity()))
		case entity.Object:
			one = fieldsSchema(f.Fields)
		default:
			one = valueSchema(f, f.Null)
			if f.Kind == entity.Text || f.Kind == entity.LongText || f.Kind == entity.Email || f.Kind == entity.URL {
				one.MaxLength = f.MaxLength()
			}
		}
		if f.Many {
			one = ArrayOf(one)
		}
		s.Properties[f.Name] = one
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
	}
	return s
}

func pageSchema(row *Schema, paging Paging) *Schema {
	if paging == Bare {
		return ArrayOf(row)
	}
	link := &Schema{Type: []string{"string", "null"}, Format: "uri"}
	s := Object(map[string]*Schema{"count": {Type: []string{"integer", "null"}, Description: "Null where count=none left it out."}, "next": link, "previous": link, "results": ArrayOf(row)})
	s.Required = []string{"count", "next", "previous", "results"}
	// The whole list is a bare array: by default, or when all of it is asked for.
	if paging == OnDemand {
		return &Schema{AnyOf: []*Schema{ArrayOf(row), s}}
	}
	return &Schema{AnyOf: []*Schema{s, ArrayOf(row)}}
}

var includeParams = []Param{fieldsParam, {Name: "include", Doc: "What to add, joined by commas: actions, permissions, lists.", Schema: TypeOf("string")}}

func (r *Resource) params(o *entity.Overlay) []Param {
	list := slices.Clone(r.Params)
	for _, f := range r.Entity.FilterParams(everything(o)) {
		p := Param{Name: f.Name, Doc: strings.TrimSpace(f.Field.Label + " " + f.Lookup), Schema: TypeOf("string"), Repeated: f.Lookup == "exact"}
		list = append(list, p)
	}
	if r.Entity.Searches() {
		list = append(list, Param{Name: "search", Doc: "Words that all must be found.", Schema: TypeOf("string")})
	}
	if names := r.Entity.SortNames(everything(o)); len(names) > 0 {
		list = append(list, Param{Name: "ordering", Doc: "Joined by commas, a minus turns around: " + strings.Join(names, ", ") + ".", Schema: TypeOf("string")})
	}
	list = append(list, fieldsParam, formatParam)
	if r.Paging != Bare {
		list = append(list, Param{Name: "page", Doc: "A number from 1, or last.", Schema: TypeOf("string")},
			Param{Name: "page_size", Doc: "A number from 1, clipped to what the installation allows (1000 unless changed), or all for one bare array.", Schema: TypeOf("string")},
			Param{Name: "count", Doc: "none leaves out the total, which is then null: the quick way through a large list.", Schema: TypeOf("string")},
			Param{Name: "after", Doc: "Where to go on with count=none: the cursor that next of the page before holds. However far that is, the page costs no more than the first, and rows that are " +
				"added or removed meanwhile move none from one page to another. It holds for this order.", Schema: TypeOf("string")})
	}
	return list
}

// openAPI writes the document; components are gathered while operations are written.
func (a *API) openAPI(o *entity.Overlay) ([]byte, error) {
	w := documentWriter{overlay: o, components: map[string]*Schema{}, refusals: map[string]any{}}
	paths := map[string]map[string]any{}
	for i := range a.operations {
		op := &a.operations[i]
		if paths[op.Path] == nil {
			paths[op.Path] = map[string]any{}
		}
		paths[op.Path][strings.ToLower(op.Method)] = w.operation(op)
	}
	document := map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Almoner", "version": "1", "description": "What a person may see and do depends on who asks; OPTIONS on any path tells."},
		"paths":   paths,
		"security": []any{
			map[string]any{"bearer": []string{}}, map[string]any{"session": []string{}},
		},
		"components": map[string]any{
			"schemas": w.components, "responses": w.refusals,
			"securitySchemes": map[string]any{
				"bearer":  map[string]any{"type": "http", "scheme": "bearer"},
				"session": map[string]any{"type": "apiKey", "in": "cookie", "name": "almoner_session"},
			},
		},
	}
	raw, err := json.MarshalIndent(document, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	return raw, nil
}

// documentWriter writes operations and gathers what they share.
type documentWriter struct {
	components map[string]*Schema
	refusals   map[string]any
	overlay    *entity.Overlay
}

// refusal refers to the answer of a status that refuses.
func (w *documentWriter) refusal(status int) map[string]any {
	name := "Refusal" + strconv.Itoa(status)
	w.refusals[name] = map[string]any{"description": http.StatusText(status), "content": map[string]any{
		"application/json":         map[string]any{"schema": w.resolve(refusalSchema)},
		"application/problem+json": map[string]any{"schema": w.resolve(problemSchema)},
	}}
	return map[string]any{"$ref": "#/components/responses/" + name}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

func (w *documentWriter) operation(op *Operation) map[string]any {
	o := map[string]any{"operationId": op.Name, "summary": op.Summary, "tags": []string{strings.Split(op.Name, ".")[0]}}
	params := []any{}
	for _, m := range pathParam.FindAllStringSubmatch(op.Path, -1) {
		kind := "integer"
		if m[1] != "id" {
			kind = "string"
		}
		params = append(params, map[string]any{"name": m[1], "in": "path", "required": true, "schema": TypeOf(kind)})
	}
	query := op.Query
	if op.query != nil {
		query = op.query(w.overlay)
	}
	for _, p := range query {
		schema := p.Schema
		if p.Repeated {
			schema = ArrayOf(schema)
		}
		params = append(params, map[string]any{"name": p.Name, "in": "query", "description": p.Doc, "schema": schema})
	}
	if op.once {
		params = append(params, map[string]any{
			"name": keyHeader, "in": "header", "schema": &Schema{Type: "string", MaxLength: maxKey},
			"description": "A text of your choice that makes the request safe to send again for a day: the second time it gets the first answer, and nothing is done twice.",
		})
	}
	if op.matches {
		params = append(params, map[string]any{
			"name": "If-Match", "in": "header", "schema": TypeOf("string"),
			"description": "The ETag of the record as it was read, or its version in quotes: when somebody changed it meanwhile, the answer is 409 with both versions and nothing is done.",
		})
	}
	if len(params) > 0 {
		o["parameters"] = params
	}
	content := map[string]any{}
	if op.Input != nil {
		content["application/json"] = map[string]any{"schema": w.resolve(op.Input)}
	}
	if op.Upload != nil {
		content["multipart/form-data"] = map[string]any{"schema": w.form(op)}
	}
	if len(content) > 0 {
		o["requestBody"] = map[string]any{"content": content}
	}
	good := map[string]any{"description": http.StatusText(op.Status)}
	if op.Output != nil {
		good["content"] = map[string]any{"application/json": map[string]any{"schema": w.resolve(op.Output)}}
	}
	if op.lists() {
		good["content"].(map[string]any)[mediaCSV] = map[string]any{"schema": TypeOf("string")}
		good["content"].(map[string]any)[mediaXLSX] = map[string]any{"schema": &Schema{Type: "string", Format: "binary"}}
	}
	if op.Media != "" {
		good["content"] = map[string]any{op.Media: map[string]any{"schema": TypeOf("string")}}
	}
	responses := map[string]any{strconv.Itoa(op.Status): good}
	for _, status := range op.partly() {
		responses[strconv.Itoa(status)] = map[string]any{"description": http.StatusText(status)}
	}
	if op.Media == aFile {
		responses[strconv.Itoa(http.StatusPartialContent)] = map[string]any{"description": "The bytes that Range asks for.", "content": good["content"]}
	}
	if op.Wire.SignIn != "" {
		responses[strconv.Itoa(op.Wire.Anonymous)] = map[string]any{"description": "Nobody is signed in: the way to sign in."}
	}
	for _, status := range op.refusals() {
		responses[strconv.Itoa(status)] = w.refusal(status)
	}
	o["responses"] = responses
	if op.Rule.Name == Public.Name {
		o["security"] = []any{}
	} else {
		o["description"] = "For: " + op.Rule.Name + "."
	}
	return o
}

// form describes the fields of an input as the parts of a form, with the file among them.
func (w *documentWriter) form(op *Operation) *Schema {
	s := Object(map[string]*Schema{})
	if op.Input != nil {
		of := op.Input
		if of.build != nil {
			of = of.build(w.overlay)
		}
		for name, p := range of.Properties {
			s.Properties[name] = w.resolve(p)
		}
	}
	s.Properties[op.Upload.Field] = &Schema{Type: "string", Format: "binary", Description: op.Upload.Label}
	if op.Upload.Required {
		s.Required = []string{op.Upload.Field}
	}
	return s
}

// lists reports whether the operation is the list of a resource, which can be taken as a table.
func (op *Operation) lists() bool {
	return op.resource != nil && op.Method == http.MethodGet && op.Path == op.resource.Path && op.Media == ""
}

// aFile is the Media of operations that serve files as they are, whatever their type.
const aFile = "application/octet-stream"

// partly are the statuses of answers without a body of ours: what the caller has already, or a part of a file that there is not.
func (op *Operation) partly() []int {
	switch {
	case op.Media == aFile:
		return []int{http.StatusNotModified, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable}
	case (op.resource != nil || strings.HasPrefix(op.Path, schemaPath)) && op.Method == http.MethodGet && op.Media == "":
		return []int{http.StatusNotModified}
	}
	return nil
}

// refusals are the statuses of all that is refused here and no failure of ours. Bad credentials are 401 on every wire.
func (op *Operation) refusals() []int {
	list := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}
	if op.Method != http.MethodGet {
		list = append(list, http.StatusConflict)
	}
	if op.Method != http.MethodGet && op.Method != http.MethodDelete {
		list = append(list, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if op.Rule.Name == Public.Name && op.Method != http.MethodGet {
		list = append(list, http.StatusTooManyRequests)
	}
	return list
}

// refusalSchema is the body of a refusal unless the caller asks for a problem: what is wrong, or messages by field as deep as the input was.
var refusalSchema = &Schema{name: "Refusal", build: func(*entity.Overlay) *Schema {
	return &Schema{AnyOf: []*Schema{{Type: "object"}, ArrayOf(TypeOf("string"))}}
}}

var problemSchema = &Schema{name: "Problem", build: func(*entity.Overlay) *Schema {
	return Object(map[string]*Schema{
		"type": TypeOf("string"), "title": TypeOf("string"), "status": TypeOf("integer"), "code": TypeOf("string"), "detail": TypeOf("string"),
		"request_id": TypeOf("string"), "errors": ArrayOf(Object(map[string]*Schema{"path": TypeOf("string"), "code": TypeOf("string"), "message": TypeOf("string")})),
		"versions": Object(map[string]*Schema{"yours": TypeOf("string"), "current": TypeOf("string")}),
	})
}}

// resolve replaces components by references, building each once.
func (w *documentWriter) resolve(s *Schema) *Schema {
	if s == nil {
		return nil
	}
	if s.build != nil {
		if _, ok := w.components[s.name]; !ok {
			w.components[s.name] = nil // stands in while the component is being built, for shapes that contain themselves
			w.components[s.name] = w.resolve(s.build(w.overlay))
		}
		return &Schema{Ref: "#/components/schemas/" + s.name}
	}
	c := *s
	c.Items = w.resolve(s.Items)
	c.AnyOf = nil
	for _, alternative := range s.AnyOf {
		c.AnyOf = append(c.AnyOf, w.resolve(alternative))
	}
	if s.Properties != nil {
		c.Properties = map[string]*Schema{}
		for name, p := range s.Properties {
			c.Properties[name] = w.resolve(p)
		}
	}
	slices.Sort(c.Required)
	return &c
}
