import assert from 'node:assert/strict';
import { checkAccess, checkWidth, openPage, picture } from '../browser.mjs';
import { across, starting, words } from '../words.mjs';

const pme = 'pme@almoner.example';
const monitor = 'monitor@firm.example';
const colleague = 'colleague@firm.example';
const officer = 'officer@almoner.example';
const staff = 'staff@almoner.example';

const pdf = (name) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n') });

/** Finds an accepted visit of the demo world on which the monitor reports and, when `reviewed`, the officer is focal point. */
async function accepted(browser, url, reviewed = false) {
  const planner = await openPage(browser, { url, path: '/KEN', as: pme });
  const { results } = await caller(planner.context)('GET', '/api/tpm/visits/?status__in=tpm_accepted&page_size=100');
  await planner.stop();
  const visit = results.find(
    (one) => one.tpm_partner_focal_points.some(({ email }) => email === monitor) && one.unicef_focal_points.some(({ name }) => name === 'Daniel Cheruiyot') === reviewed,
  );
  assert.ok(visit, 'the demo world has an accepted visit of these people');
  return visit.reference_number;
}

function caller(context) {
  return async (method, path) => {
    const answer = await context.request.fetch(path, { method, headers: { 'Almoner-Workspace': 'KEN' } });
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()}`);
    return answer.json();
  };
}

const pathOf = (reference, tab) => `/KEN/visits/${reference.toLowerCase().replaceAll('/', '-')}${tab ? `/${tab}` : ''}`;

/** Adds files to a place and waits until they are listed. */
async function add(page, t, place, ...names) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: t('upload.addTo', { label: place }), exact: true }).click()]);
  await chooser.setFiles(names.map(pdf));
  for (const name of names) await page.getByRole('link', { name, exact: true }).waitFor();
}

async function submit(page, t, reference) {
  await page.getByRole('button', { name: starting(t('move.send_report.label')) }).click();
  const dialog = page.getByRole('dialog', { name: t('move.send_report.title', { reference }) });
  await dialog.getByText(starting(t('report.done', { done: '' }).split(':')[0])).waitFor();
  await dialog.getByRole('button', { name: t('move.send_report.confirm') }).click();
  await page.getByText(t('move.send_report.done', { reference })).waitFor();
}

async function told(browser, url, { language, look }) {
  const t = words(language);
  const reference = await accepted(browser, url, true);
  // The reader of the agency learns that there is nothing to read yet.
  const reader = await openPage(browser, { url, path: pathOf(reference, 'report'), as: staff, look });
  await reader.page.getByRole('heading', { name: t('report.notYet') }).waitFor();
  await checkAccess(reader.page);
  await reader.stop();

  // A colleague who is no focal point has no such tab while the report is written.
  const other = await openPage(browser, { url, path: pathOf(reference), as: colleague, look });
  await other.page.getByRole('link', { name: starting(t('tab.tasks')) }).waitFor();
  await other.page.getByRole('link', { name: starting(t('tab.documents')) }).waitFor();
  assert.equal(await other.page.getByRole('link', { name: starting(t('tab.report')) }).count(), 0);
  await other.stop();

  // The monitor writes it.
  const firm = await openPage(browser, { url, path: pathOf(reference, 'report'), as: monitor, look });
  await firm.page.getByText(t('blocker.report_attachments')).waitFor();
  await add(firm.page, t, t('report.overall'), 'Overall report.pdf', 'Annex.pdf');
  await firm.page.getByRole('button', { name: t('document.deleteNamed', { name: 'Annex.pdf' }) }).click();
  await firm.page.getByRole('dialog', { name: t('document.deleteTitle', { name: 'Annex.pdf' }) }).getByRole('button', { name: t('document.delete'), exact: true }).click();
  await firm.page.getByText(t('document.deleted', { name: 'Annex.pdf' })).waitFor();
  await add(firm.page, t, t('report.ofTask', { number: '0001' }), 'Task 1.pdf');
  await firm.page.getByText(starting(t('report.done', { done: '1', all: '' }).trimEnd())).waitFor();
  await checkWidth(firm.page);
  await checkAccess(firm.page);
  await picture(firm.page, `report-writing-${look}`);
  await submit(firm.page, t, reference);
  await firm.stop();

  // The focal point of the agency sends it back.
  const reviewer = await openPage(browser, { url, path: pathOf(reference), as: officer, look });
  await reviewer.page.getByRole('button', { name: t('move.asks', { action: t('move.reject_report.label') }) }).click();
  const back = reviewer.page.getByRole('dialog');
  await back.getByRole('button', { name: t('move.reject_report.confirm'), exact: true }).click();
  await back.getByText(t('ui:commentMissing')).waitFor();
  await back.getByRole('textbox').fill('The numbers of task 1 do not add up.');
  await back.getByRole('button', { name: t('move.reject_report.confirm'), exact: true }).click();
  await reviewer.page.getByText(t('move.reject_report.done', { reference })).waitFor();
  await reviewer.stop();

  // The monitor reads why, and corrects.
  const again = await openPage(browser, { url, path: pathOf(reference, 'report'), as: monitor, look });
  await again.page.getByText('The numbers of task 1 do not add up.').first().waitFor();
  await add(again.page, t, t('report.ofTask', { number: '0001' }), 'Task 1 corrected.pdf');
  await submit(again.page, t, reference);
  await again.stop();

  // The planner sees what was asked before, and approves.
  const planner = await openPage(browser, { url, path: pathOf(reference), as: pme, look });
  await planner.page.getByRole('button', { name: t('move.asks', { action: t('move.approve.label') }) }).click();
  const dialog = planner.page.getByRole('dialog', { name: t('move.approve.title', { reference }) });
  await dialog.getByRole('radiogroup', { name: t('approve.countsNamed', { number: '0001' }) }).getByText(t('approve.counts'), { exact: true }).click();
  await dialog.getByRole('textbox').fill('Thank you for the recount.');
  await dialog.getByRole('checkbox', { name: starting(t('field.firmFocalPoints')) }).uncheck();
  // A menu or dialog floats outside the landmarks.
  await checkAccess(planner.page, ['region']);
  await picture(planner.page, `report-approve-${look}`);
  const sent = planner.page.waitForRequest((request) => request.url().includes('/approve/'));
  await dialog.getByRole('button', { name: t('move.approve.confirm'), exact: true }).click();
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.notify_focal_point, body.notify_tpm_partner, body.mark_as_programmatic_visit.length], [true, false, 1]);
  await planner.page.getByText(t('move.approve.done', { reference })).waitFor();
  await planner.page.getByText('Thank you for the recount.').first().waitFor();
  await planner.stop();
}

const stories = {};
for (const way of across) {
  stories[`five people bring a report to its approval, with one round of corrections (${way.name})`] = ({ browser, url }) => told(browser, url, way);
}

export default {
  ...stories,

  async 'a file that cannot be sent says why, and can be tried again'({ browser, url }) {
    const reference = await accepted(browser, url);
    const { page, stop } = await openPage(browser, { url, path: pathOf(reference, 'report'), as: monitor, expect: /500|ERR_/ });
    await page.route('**/report-attachments/', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Add files: Overall report' }).click()]);
    await chooser.setFiles([pdf('Late.pdf'), { name: 'empty.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) }]);
    await page.getByText('This file is empty.').waitFor();
    await page.getByRole('button', { name: 'Take empty.pdf off the list' }).click();
    const retry = page.getByRole('button', { name: 'Try Late.pdf again' });
    await retry.waitFor();
    // Leaving asks first, because the file would be lost.
    await page.getByRole('link', { name: /^Activity/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click();
    await page.unroute('**/report-attachments/');
    await retry.click();
    await page.getByRole('link', { name: 'Late.pdf', exact: true }).waitFor();
    await stop();
  },

  async 'planners attach and link documents while they plan'({ browser, url }) {
    const planner = await openPage(browser, { url, path: '/KEN', as: pme });
    const { results } = await caller(planner.context)('GET', '/api/tpm/visits/?status__in=assigned&page_size=100');
    await planner.page.goto(pathOf(results[0].reference_number, 'documents'));
    const t = words('en');
    await add(planner.page, t, 'For the whole visit', 'Terms.pdf');
    await add(planner.page, t, 'Documents of task 0001', 'Workplan.pdf');
    await checkAccess(planner.page);
    await picture(planner.page, 'documents');
    await planner.page.getByRole('button', { name: 'Link documents to task 0001' }).click();
    await planner.page.getByRole('dialog').getByRole('checkbox', { name: 'Workplan.pdf' }).check();
    await planner.page.getByRole('dialog').getByRole('button', { name: 'Link documents' }).click();
    await planner.page.getByRole('list', { name: 'Linked to task 0001' }).waitFor();
    await planner.stop();
  },

  async 'the report reads in Arabic, in the dark and on a phone'({ browser, url }) {
    const reference = await accepted(browser, url);
    for (const look of ['arabic', 'dark', 'phone']) {
      const { page, stop } = await openPage(browser, { url, path: pathOf(reference, 'report'), as: monitor, look });
      await page.locator('input[type="file"]').first().waitFor({ state: 'attached' });
      await checkWidth(page);
      await checkAccess(page);
      await picture(page, `report-${look}`);
      await stop();
    }
  },
};
