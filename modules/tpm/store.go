package tpm

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
)

// ready says what a visit has of what it needs to be assigned.
type ready struct {
	firm                                bool
	focalPoints, firmFocalPoints, tasks int64
}

func readiness(ctx context.Context, q db.Queryer, visitID int64) (ready, error) {
	var r ready
	err := q.QueryRow(ctx, `
		select v.firm_id is not null,
			(select count(*) from tpm_tasks k join tpm_task_focal_points p on p.task_id = k.id where k.visit_id = v.id),
			(select count(*) from tpm_visit_firm_focal_points p where p.visit_id = v.id),
			(select count(*) from tpm_tasks k where k.visit_id = v.id)
		from tpm_visits v where v.id = $1`, visitID).Scan(&r.firm, &r.focalPoints, &r.firmFocalPoints, &r.tasks)
	if err != nil {
		return r, fmt.Errorf("read what visit %d has: %w", visitID, err)
	}
	return r, nil
}

func tasksOf(ctx context.Context, q db.Queryer, visitID int64) ([]int64, error) {
	rows, err := q.Query(ctx, "select id from tpm_tasks where visit_id = $1 order by id", visitID)
	list, err := db.Collect(rows, err, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("read tasks of visit %d: %w", visitID, err)
	}
	return list, nil
}

func firmIsBarred(ctx context.Context, q db.Queryer, firmID int64) (bool, error) {
	var blocked, deleted bool
	err := q.QueryRow(ctx, "select blocked, deleted_flag from tpm_firms where id = $1", firmID).Scan(&blocked, &deleted)
	if err != nil {
		return false, fmt.Errorf("read firm %d: %w", firmID, err)
	}
	return blocked || deleted, nil
}

func organizationOfFirm(ctx context.Context, q db.Queryer, firmID int64) (int64, error) {
	var id int64
	if err := q.QueryRow(ctx, "select organization_id from tpm_firms where id = $1", firmID).Scan(&id); err != nil {
		return 0, fmt.Errorf("read organisation of firm %d: %w", firmID, err)
	}
	return id, nil
}

// spanTasks writes down the days of a visit's first and last task.
func spanTasks(ctx context.Context, tx *db.Tx, visitID int64) error {
	_, err := tx.Exec(ctx, `
		update tpm_visits set start_date = (select min(k.date) from tpm_tasks k where k.visit_id = $1),
			end_date = (select max(k.date) from tpm_tasks k where k.visit_id = $1)
		where id = $1`, visitID)
	if err != nil {
		return fmt.Errorf("write the days of visit %d: %w", visitID, err)
	}
	return nil
}
