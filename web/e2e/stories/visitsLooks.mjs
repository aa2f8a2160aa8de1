// Every screen of visits in every look: no rule of WCAG 2.2 AA broken, nothing to scroll sideways, also at 320 px.
import { checkAccess, checkWidth, looks, openPage, picture } from '../browser.mjs';

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
  { name: 'home of a planner', as: planner, path: () => '/KEN' },
  { name: 'home of a monitor', as: monitor, path: () => '/KEN' },
  { name: 'list', as: planner, path: () => '/KEN/visits' },
  { name: 'list with filters', as: planner, path: () => '/KEN/visits?status=assigned,accepted&from=2020-01-01&q=a' },
  { name: 'list of a monitor', as: monitor, path: () => '/KEN/visits' },
  { name: 'new visit', as: planner, path: () => '/KEN/visits/new' },
  { name: 'draft', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'draft')}` },
  { name: 'rejected', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'tpm_rejected')}` },
  { name: 'assigned, for its monitor', as: monitor, path: async (page) => `/KEN/visits/${await visitIn(page, 'assigned')}` },
  { name: 'cancelled', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'cancelled')}` },
  { name: 'visit edited', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'tpm_rejected')}/edit` },
  { name: 'tasks', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'assigned')}/tasks` },
  { name: 'new task', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'draft')}/tasks/new` },
  { name: 'activity', as: planner, path: async (page) => `/KEN/visits/${await visitIn(page, 'tpm_rejected')}/activity` },
];

const stories = {};
for (const { name, as, path } of screens) {
  for (const look of /** @type {(keyof typeof looks)[]} */ (Object.keys(looks))) {
    stories[`${name} in ${look}`] = async ({ browser, url }) => {
      const { page, stop } = await openPage(browser, { url, path: '/KEN/settings/profile', as, look });
      await page.goto(await path(page));
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForLoadState('networkidle');
      await picture(page, `visits-${name.replaceAll(/\W+/g, '-')}-${look}`);
      await checkAccess(page);
      await checkWidth(page);
      if (look.toLowerCase().includes('phone')) {
        await page.setViewportSize({ width: 320, height: 640 });
        await checkWidth(page);
      }
      await stop();
    };
  }
}

export default stories;
