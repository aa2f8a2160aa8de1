package almoner

import (
	"context"
	"slices"
)

// Actor is who is asking, in which workspace and for which organisation. It is resolved once per request by core/auth and
// the account module and never changes during it. A zero Actor is an anonymous stranger.
type Actor struct {
	// UserID is 0 for a stranger and for a system actor.
	UserID int64
	// Name is the person's full name as shown to others.
	Name  string
	Email string
	// Staff marks people of the agency (tpm §5.11); Superuser administers the platform and gains nothing on the TPM wire (tpm §4.1-6).
	Staff     bool
	Superuser bool
	// System names a non-human actor (`system.load`), "" for people.
	System string
	// Workspace is the one this request works in; ID 0 when the person has none.
	Workspace Workspace
	// OrganizationID is the organisation the person acts for here, 0 for none.
	OrganizationID int64
	// Roles are the names of the roles granted here for that organisation, sorted.
	Roles []string
	// Rights are the numbers of the rights that the roles hold in the current workspace, sorted; see access.Right. AllRights holds every number, whatever Rights
	// says: administrators have it.
	Rights    []int
	AllRights bool
	// Locale is the BCP 47 language of answers to this person: en, fr, es, ar.
	Locale string
}

// Workspace is an isolated set of data: a country office, a scheme.
type Workspace struct {
	ID int64
	// Code is the short code in references and in the `Almoner-Workspace` header.
	Code string
	Name string
}

// SignedIn reports whether a known person or a system actor is asking.
func (a *Actor) SignedIn() bool { return a != nil && (a.UserID != 0 || a.System != "") }

// Has reports whether the actor holds the role in the current workspace and organisation.
func (a *Actor) Has(role string) bool {
	_, ok := slices.BinarySearch(a.Roles, role)
	return ok
}

// Can reports whether the actor holds one of the rights, given by their numbers; of none, nobody does.
func (a *Actor) Can(rights ...int) bool {
	if a.AllRights {
		return len(rights) > 0
	}
	for _, number := range rights {
		if _, ok := slices.BinarySearch(a.Rights, number); ok {
			return true
		}
	}
	return false
}

type actorKey struct{}

// WithActor returns a context that carries the actor.
func WithActor(ctx context.Context, a *Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

var stranger = &Actor{Locale: "en"}

// ActorOf returns the actor of the context, a stranger when there is none; never nil. The value is shared: do not change it.
func ActorOf(ctx context.Context) *Actor {
	if a, ok := ctx.Value(actorKey{}).(*Actor); ok && a != nil {
		return a
	}
	return stranger
}

type requestKey struct{}

// WithRequestID returns a context that carries the identifier which ties an answer, its log lines and its facts together.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the identifier of the request, "" outside one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

type originKey struct{}

// WithOrigin returns a context that carries the scheme and host under which the caller reaches the program.
func WithOrigin(ctx context.Context, origin string) context.Context {
	return context.WithValue(ctx, originKey{}, origin)
}

// Origin returns scheme and host as the caller wrote them, without a slash at the end; "" outside a request, where addresses stay paths.
func Origin(ctx context.Context) string {
	origin, _ := ctx.Value(originKey{}).(string)
	return origin
}
