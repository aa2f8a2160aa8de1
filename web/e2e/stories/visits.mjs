// The life of a visit, told by the people who live it: in English and Arabic, on a desk and on a phone.
import assert from 'node:assert/strict';
import { checkAccess, checkWidth, openPage, picture } from '../browser.mjs';
import { across, other, starting, words } from '../words.mjs';

const planner = 'pme@almoner.example';
const monitor = 'monitor@firm.example';

async function choose(page, label, option) {
  const box = page.getByRole('combobox', { name: starting(label) });
  await box.click();
  await box.fill(option);
  await page.getByRole('option', { name: option }).first().click();
  // A list of several stays open for the next one.
  await box.press('Tab');
  await page.getByRole('option').first().waitFor({ state: 'hidden' });
}

/** The firm that the monitor belongs to, and the monitor's name, as the server has them. */
async function monitorOf(page) {
  const firms = await (await page.request.get('/api/tpm/partners/?hidden=false&page_size=all', { headers: { 'Almoner-Workspace': 'KEN' } })).json();
  for (const firm of firms) {
    const staff = await (await page.request.get(`/api/tpm/partners/${firm.id}/staff-members/?page_size=all`, { headers: { 'Almoner-Workspace': 'KEN' } })).json();
    const found = staff.find((person) => person.email === monitor);
    if (found) return { firm: firm.name, name: found.full_name };
  }
  throw new Error('no firm has the monitor');
}

async function startDraft(page, t) {
  const { firm, name } = await monitorOf(page);
  await page.getByRole('link', { name: t('visits.new') }).first().click();
  await page.getByRole('button', { name: t('new.confirm') }).click();
  await page.getByText(t('new.missing')).waitFor();
  await choose(page, t('field.firm'), firm);
  await page.getByRole('button', { name: t('new.confirm') }).click();
  await page.waitForURL(/\/visits\/ken-\d{4}-\d+-tpm$/);
  const reference = new URL(page.url()).pathname.split('/').at(-1).toUpperCase().replaceAll('-', '/');
  await page.getByRole('heading', { level: 1, name: reference }).waitFor();
  return { firm, name, reference };
}

async function addTask(page, t) {
  await page.getByRole('link', { name: t('fix.addTask') }).first().click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('button', { name: t('task.save'), exact: true }).click();
  await panel.getByRole('link', { name: t('form.missing.places') }).waitFor();
  await choose(page, t('field.partner'), 'Ministry of Health');
  await choose(page, t('field.section'), 'WASH');
  await page.getByLabel(starting(t('field.date'))).fill('2031-03-14');
  await choose(page, t('field.places'), 'Lodwar');
  await choose(page, t('field.agencyFocalPoints'), 'Daniel');
  await choose(page, t('field.offices'), 'Nairobi');
  await checkWidth(page);
  await panel.getByRole('button', { name: t('task.save'), exact: true }).click();
  await panel.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: starting(t('tasks.open', { number: '0001', partner: 'Ministry of Health' })) }).waitFor();
}

async function nameMonitor(page, t, name) {
  await page.getByRole('link', { name: t('tab.overview'), exact: true }).click();
  await page.getByRole('link', { name: t('fix.choose') }).click();
  await choose(page, t('field.firmFocalPoints'), name);
  await page.getByRole('button', { name: t('about.save'), exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function assign(page, t, label = 'move.assign.label') {
  await page.getByRole('button', { name: t('move.asks', { action: t(label) }) }).click();
  await page.getByRole('dialog').getByRole('button', { name: t('move.assign.confirm'), exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await chip(page, t('status.assigned'));
}

/** Waits until the head of the page shows the state. */
async function chip(page, label) {
  await page.locator('header', { has: page.getByRole('heading', { level: 1 }) }).getByText(label, { exact: true }).waitFor();
}

const stories = {};
// Both begin alike, so what makes a visit is told in each language on each size of screen.
for (const { name, language, look } of across) {
  stories[`draft, task, assign, accept (${name})`] = async ({ browser, url }) => {
    const t = words(language);
    const desk = await openPage(browser, { url, path: '/KEN/visits', as: planner, look });
    const { page } = desk;
    const draft = await startDraft(page, t);
    const button = page.getByRole('button', { name: t('move.asks', { action: t('move.assign.label') }) });
    assert.equal(await button.getAttribute('aria-disabled'), 'true', 'a draft without anything cannot be assigned');
    await addTask(page, t);
    await nameMonitor(page, t, draft.name);
    await checkAccess(page);
    await checkWidth(page);
    await assign(page, t);
    await picture(page, `visit-assigned-${look}`);
    const address = new URL(page.url()).pathname;
    await desk.stop();

    const field = await openPage(browser, { url, path: '/KEN/visits', as: monitor, look });
    await field.page.getByRole('link', { name: starting(draft.reference) }).click();
    await field.page.waitForURL(`${url}${address}`);
    await field.page.getByRole('button', { name: t('move.accept.label'), exact: true }).click();
    await chip(field.page, t('status.accepted'));
    await field.page.getByRole('link', { name: t('tab.activity'), exact: true }).click();
    await field.page.getByRole('listitem').filter({ hasText: t('event.accepted') }).first().waitFor();
    await field.stop();
  };
}
for (const { name, language, look } of other) {
  stories[`reject, assign again, cancel (${name})`] = async ({ browser, url }) => {
    const t = words(language);
    const desk = await openPage(browser, { url, path: '/KEN/visits', as: planner, look });
    const { page } = desk;
    const draft = await startDraft(page, t);
    await addTask(page, t);
    await nameMonitor(page, t, draft.name);
    await assign(page, t);
    const address = new URL(page.url()).pathname;

    const field = await openPage(browser, { url, path: address, as: monitor, look });
    await field.page.getByRole('button', { name: t('move.asks', { action: t('move.reject.label') }) }).click();
    const dialog = field.page.getByRole('dialog');
    await dialog.getByRole('button', { name: t('move.reject.confirm') }).click();
    await dialog.getByText(t('ui:commentMissing')).waitFor();
    await dialog.getByRole('textbox').fill('Every monitor is in Turkana that week.');
    await dialog.getByRole('button', { name: t('move.reject.confirm') }).click();
    await chip(field.page, t('status.rejected'));
    await field.stop();

    await page.reload();
    await page.getByText('Every monitor is in Turkana that week.').first().waitFor();
    await assign(page, t, 'move.reassign.label');
    await page.getByRole('button', { name: t('move.asks', { action: t('move.cancel.label') }) }).click();
    const last = page.getByRole('dialog');
    await last.getByRole('textbox').fill('The partner finished early.');
    await last.getByRole('button', { name: t('move.cancel.confirm'), exact: true }).click();
    await chip(page, t('status.cancelled'));
    await page.getByText('The partner finished early.').first().waitFor();
    assert.equal(await page.getByRole('button', { name: t('move.asks', { action: t('move.assign.label') }) }).count(), 0, 'a cancelled visit offers no move');
    await picture(page, `visit-cancelled-${look}`);
    await desk.stop();
  };
}

export default {
  ...stories,

  async 'filters, order and page live in the address, and Back goes through them'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/visits', as: planner });
    await page.getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await page.getByRole('menuitem', { name: 'Status' }).click();
    await page.getByRole('checkbox', { name: 'Assigned' }).check();
    await page.waitForURL(/\?status=assigned$/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Firm', exact: true }).click();
    await page.waitForURL(/sort=firm/);
    await page.getByRole('searchbox').fill('Lodwar');
    await page.waitForURL(/q=Lodwar/);
    await page.reload();
    assert.equal(await page.getByRole('searchbox').inputValue(), 'Lodwar');
    await page.getByRole('columnheader', { name: /Firm/ }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    await page.goBack();
    await page.waitForURL(/^(?!.*Lodwar).*sort=firm/);
    assert.equal(await page.getByRole('searchbox').inputValue(), '');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.waitForURL(/visits\?sort=firm$/);
    await stop();
  },

  async 'nothing that fits, nonsense in the address, and a server in trouble are said'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/visits?q=zzzzzz&status=draft,gone&page=x', as: planner, expect: /500/ });
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByText(/The address says something about “page”/).waitFor();
    await checkAccess(page);
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await page.getByRole('row').nth(1).waitFor();
    await page.route('**/api/tpm/visits/?*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"code":"internal","request_id":"req-1","detail":"no"}' }));
    await page.goto('/KEN/visits?q=other');
    await page.getByRole('heading', { name: 'The list did not load' }).waitFor({ timeout: 20_000 });
    await page.getByText('req-1').first().waitFor();
    await checkAccess(page);
    await page.unroute('**/api/tpm/visits/?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'The list did not load' }).waitFor({ state: 'detached' });
    await stop();
  },

  async 'what is typed into a task is not lost by leaving'({ browser, url }) {
    const t = words('en');
    const { page, stop } = await openPage(browser, { url, path: '/KEN/visits', as: planner });
    await startDraft(page, t);
    await addTask(page, t);
    await page.getByRole('link', { name: /^Task 0001/ }).click();
    const note = page.getByLabel(/^Additional information/);
    await note.fill('Ask for the attendance sheet');
    await page.getByText('Not saved').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Leave without saving?' }).waitFor();
    await checkAccess(page);
    await page.getByRole('button', { name: 'Stay here' }).click();
    assert.equal(await note.inputValue(), 'Ask for the attendance sheet');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Leave, keep a draft' }).click();
    await note.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^Task 0001/ }).click();
    await page.getByRole('button', { name: 'Take it up again' }).click();
    assert.equal(await note.inputValue(), 'Ask for the attendance sheet');
    await page.getByRole('button', { name: 'Save task', exact: true }).click();
    await note.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^Task 0001/ }).click();
    assert.equal(await note.inputValue(), 'Ask for the attendance sheet');
    assert.equal(await page.getByRole('button', { name: 'Take it up again' }).count(), 0, 'a saved draft is no draft any more');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: 'Remove task 0001?' }).waitFor();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
    await stop();
  },

  async 'two people change one task: the second sees what happened and chooses'({ browser, url }) {
    const t = words('en');
    const first = await openPage(browser, { url, path: '/KEN/visits', as: planner, expect: /409/ });
    await startDraft(first.page, t);
    await addTask(first.page, t);
    await first.page.getByRole('link', { name: /^Task 0001/ }).click();
    await first.page.getByLabel(/^Date/).waitFor();

    const second = await openPage(browser, { url, path: new URL(first.page.url()).pathname, as: planner });
    await second.page.getByLabel(/^Date/).fill('2031-04-02');
    await second.page.getByRole('button', { name: 'Save task', exact: true }).click();
    await second.page.getByRole('dialog').waitFor({ state: 'detached' });
    await second.stop();

    const note = first.page.getByLabel(/^Additional information/);
    await note.fill('Mine');
    await first.page.getByRole('button', { name: 'Save task', exact: true }).click();
    await first.page.getByText('Somebody changed this visit while you were editing').waitFor();
    await first.page.getByText(/Date: 14 Mar 2031 → 2 Apr 2031/).waitFor();
    await checkAccess(first.page);
    await picture(first.page, 'visit-conflict');
    await first.page.getByRole('button', { name: 'Save mine over it' }).click();
    await first.page.getByRole('dialog').waitFor({ state: 'detached' });
    await first.page.getByRole('link', { name: /^Task 0001/ }).click();
    assert.equal(await first.page.getByLabel(/^Date/).inputValue(), '2031-04-02', 'what the other wrote is kept where the first changed nothing');
    assert.equal(await note.inputValue(), 'Mine');
    await first.stop();
  },

  async 'people see only what the server tells them'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/visits', as: monitor, expect: /404|Not found/ });
    await page.getByRole('row').nth(1).waitFor();
    assert.equal(await page.getByRole('columnheader', { name: 'Firm', exact: true }).count(), 0);
    assert.equal(await page.getByRole('columnheader', { name: 'Dates' }).count(), 0);
    assert.equal(await page.getByRole('link', { name: 'New visit' }).count(), 0);
    assert.equal(await page.getByRole('cell', { name: /Draft/ }).count(), 0);
    await page.goto('/KEN/visits/ken-2026-999999-tpm');
    await page.getByRole('heading', { level: 1, name: 'This is not here, or not for you to see' }).waitFor();
    await stop();
  },
};
