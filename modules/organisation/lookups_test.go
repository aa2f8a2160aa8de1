package organisation

import (
	"testing"
)

func TestSmoke(t *testing.T) {
	each(t, nil, func(w *world) {
		w.want("officer", "GET", "/api/offices/", "", 200, "[]")
	})
}
