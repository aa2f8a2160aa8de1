-- The days of the first and the last task, so that visits can be read in their order. They follow the tasks; nothing else writes them.
alter table tpm_visits add column start_date {{date}};
alter table tpm_visits add column end_date {{date}};
update tpm_visits set start_date = (select min(k.date) from tpm_tasks k where k.visit_id = tpm_visits.id),
    end_date = (select max(k.date) from tpm_tasks k where k.visit_id = tpm_visits.id);

create index tpm_visits_workspace_idx on tpm_visits (workspace_id, id);
create index tpm_visits_start_date_idx on tpm_visits (workspace_id, start_date, id);
create index tpm_visits_status_date_idx on tpm_visits (workspace_id, (case status when 'draft' then date_created when 'assigned' then date_of_assigned when 'cancelled' then date_of_cancelled
    when 'tpm_accepted' then date_of_tpm_accepted when 'tpm_rejected' then date_of_tpm_rejected when 'tpm_reported' then date_of_tpm_reported
    when 'tpm_report_rejected' then date_of_tpm_report_rejected else date_of_unicef_approved end), id);
