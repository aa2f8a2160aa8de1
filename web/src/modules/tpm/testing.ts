import type { HistoryEvent, Task, Visit } from './wire';

/** A visit for tests: a draft with nothing but a firm; name only what the test is about. */
export function someVisit(change: Partial<Visit> = {}): Visit {
  return {
    id: 118,
    reference_number: 'KEN/2026/118/TPM',
    status: 'draft',
    status_date: '2026-11-14',
    date_created: '2026-11-14',
    start_date: null,
    end_date: null,
    tpm_partner: {
      id: 1,
      vendor_number: '2500000201',
      name: 'Savanna Insight',
      street_address: '',
      city: 'Nairobi',
      postal_code: '',
      country: '',
      email: '',
      phone_number: '',
      hidden: false,
      blocked: false,
      vision_synced: true,
      deleted_flag: false,
      organization_id: 2,
    },
    implementing_partners: [],
    locations: [],
    sections: [],
    unicef_focal_points: [],
    tpm_partner_focal_points: [],
    tpm_activities: [],
    visit_information: '',
    actions: [],
    permissions: {},
    lists: {},
    version: 3,
    ...change,
  };
}

/** A task for tests, at a government partner in Lodwar. */
export function someTask(change: Partial<Task> = {}): Task {
  return {
    id: 7,
    partner: { id: 2, name: 'Ministry of Health' },
    intervention: null,
    cp_output: null,
    section: { id: 1, name: 'WASH' },
    date: '2026-12-01',
    locations: [{ id: '12', name: 'Lodwar (Town: KE-43-1) -- Turkana', p_code: 'KE-43-1', admin_level: 2, admin_level_name: 'Town', parent: 3, name_display: 'Lodwar (Town: KE-43-1)' }],
    unicef_focal_points: [{ id: 3, name: 'Daniel Cheruiyot', first_name: 'Daniel', middle_name: '', last_name: 'Cheruiyot', is_active: true }],
    offices: [{ id: 1, name: 'Nairobi' }],
    additional_information: '',
    ...change,
  };
}

let lastEvent = 0;

/** An event of a visit's history for tests; each has an id of its own. */
export function someEvent(change: Partial<HistoryEvent> = {}): HistoryEvent {
  lastEvent += 1;
  return { id: lastEvent, at: '2026-11-14T09:15:00Z', actor: { id: 1, name: 'Amina Otieno' }, verb: 'updated', entity: 'tpm.visit', record: 118, changes: [], ...change };
}
