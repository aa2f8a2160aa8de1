// Every screen of visits in every look: no rule of WCAG 2.2 AA broken, nothing to scroll sideways, also at 320 px.
import { checkEveryLook } from '../browser.mjs';

const planner = 'pme@almoner.example';
const monitor = 'monitor@firm.example';

/** The first visit in a state that a person may see. */
async function visitIn(page, status) {
  const answer = await page.request.get(`/api/tpm/visits/?status=${status}&page_size=1&ordering=-reference_number`, { headers: { 'Almoner-Workspace': 'KEN' } });
  const [visit] = (await answer.json()).results;
  if (!visit) throw new Error(`no visit is ${status}`);
  return visit.id;
}

const screens = [
  { name: 'home of a planner', as: planner, path: '/KEN' },
  { name: 'home of a monitor', as: monitor, path: '/KEN' },
  { name: 'list', as: planner, path: '/KEN/visits' },
  { name: 'list of a monitor', as: monitor, path: '/KEN/visits' },
  { name: 'new visit', as: planner, path: '/KEN/visits/new' },
  { name: 'draft', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'draft')}` },
  { name: 'assigned, for its monitor', as: monitor, path: async (page) => `/KEN/visits/${await visitIn(page, 'assigned')}` },
  { name: 'cancelled', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'cancelled')}` },
  { name: 'reported', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'tpm_reported')}` },
  { name: 'sent back, for its monitor', as: monitor, path: async (page) => `/KEN/visits/${await visitIn(page, 'tpm_report_rejected')}` },
  { name: 'approved', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'unicef_approved')}` },
  { name: 'report of an approved visit', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'unicef_approved')}/report` },
  { name: 'visit edited', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'tpm_rejected')}/edit` },
  { name: 'new task', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'draft')}/tasks/new` },
  { name: 'activity', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'tpm_rejected')}/activity` },
];

export default Object.fromEntries(
  screens.map(({ name, as, path }) => [
    `${name} in every look`,
    ({ browser, url }) => checkEveryLook(browser, { url, as, path, name: `visits-${name.replaceAll(/\W+/g, '-')}` }),
  ]),
);
