package account

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/module"
)

var checks = []module.Check{{Name: "administrator", Run: func(ctx context.Context, q db.Queryer) (seen, fix string, err error) {
	var n int
	if err := q.QueryRow(ctx, "select count(*) from account_users where is_superuser = $1 and is_active = $1", true).Scan(&n); err != nil {
		return "", "", fmt.Errorf("count administrators: %w", err)
	}
	if n == 0 {
		return "nobody administers this installation", "almoner user create ADDRESS --admin", nil
	}
	return fmt.Sprintf("people who administer this installation: %d", n), "", nil
}}}
