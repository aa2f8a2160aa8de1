package app_test

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"almoner.dev/almoner/core/api"
)

// Whatever can be read and replaced on the native wire can be sent back as it was read, and nothing changes by that.
func TestWhatIsReadComesBack(t *testing.T) {
	eachSurface(t, func(s *surface) {
		tried := 0
		for _, op := range s.a.API.Operations() {
			if op.Method != http.MethodPut || op.Wire.Name != api.Native.Name || strings.Contains(op.Path, "attachments/") || !strings.HasSuffix(op.Path, "/{id}/") {
				continue
			}
			c := s.a.As(admin).In("KEN")
			collection := strings.TrimSuffix(op.Path, "{id}/")
			for _, id := range listed(s, c.Get(collection+"?page_size=all")) {
				address := strings.Replace(op.Path, "{id}", strconv.FormatInt(id, 10), 1)
				before := c.Get(address).Want(s, 200)
				version := before.Header.Get("ETag")
				r := c.With("If-Match", version).Put(address, before.Body)
				if r.Status != http.StatusOK || !bytes.Equal(r.Body, before.Body) {
					s.Errorf("PUT %s of what was read: %d %s, read %s", address, r.Status, r.Body, before.Body)
				}
				if r.Header.Get("ETag") != version {
					s.Errorf("PUT %s of what was read made version %s of %s", address, r.Header.Get("ETag"), version)
				}
				tried++
			}
		}
		if tried < 50 {
			s.Errorf("only %d records were sent back", tried)
		}
	})
}
