package tpm

import (
	"context"
	"fmt"

	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
)

// relatedReports is true for a task about which there is a report, over {t}, the task (tpm §2.2 related_reports): a document of its visit
// of the type `overall_report`, or one of its own of the type `report`. In which list the document is does not matter.
func (s *Service) relatedReports() string {
	return s.attachments.HasSQL("tpm.visit", "{t}.visit_id", "overall_report") + " or " + s.attachments.HasSQL("tpm.task", "{t}.id", "report")
}

// anyReport reports whether there is a report about any task of the visit.
func (s *Service) anyReport(ctx context.Context, q db.Queryer, visitID int64) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, "select count(*) from tpm_tasks t where t.visit_id = $1 and ("+entity.Over(s.relatedReports(), "t")+")", visitID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for reports of visit %d: %w", visitID, err)
	}
	return n > 0, nil
}
