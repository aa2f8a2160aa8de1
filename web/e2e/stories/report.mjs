import assert from 'node:assert/strict';
import { checkAccess, checkWidth, openPage, picture } from '../browser.mjs';

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
async function add(page, place, ...names) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: `Add files: ${place}` }).click()]);
  await chooser.setFiles(names.map(pdf));
  for (const name of names) await page.getByRole('link', { name, exact: true }).waitFor();
}

async function submit(page, reference) {
  await page.getByRole('button', { name: /^Submit report/ }).click();
  const dialog = page.getByRole('dialog', { name: `Submit the report on ${reference}?` });
  await dialog.getByText('Tasks with a report:').waitFor();
  await dialog.getByRole('button', { name: 'Submit the report' }).click();
  await page.getByText(`The report on ${reference} is submitted`).waitFor();
}

async function told(browser, url, look) {
  const reference = await accepted(browser, url, true);
  // The reader of the agency learns that there is nothing to read yet.
  const reader = await openPage(browser, { url, path: pathOf(reference, 'report'), as: staff, look });
  await reader.page.getByRole('heading', { name: 'Not submitted yet' }).waitFor();
  await checkAccess(reader.page);
  await reader.stop();

  // A colleague who is no focal point has no such tab while the report is written.
  const other = await openPage(browser, { url, path: pathOf(reference), as: colleague, look, expect: /403/ });
  await other.page.getByRole('link', { name: /^Tasks/ }).waitFor();
  await other.page.getByRole('link', { name: 'Documents' }).waitFor();
  assert.equal(await other.page.getByRole('link', { name: /^Report/ }).count(), 0);
  await other.stop();

  // The monitor writes it.
  const firm = await openPage(browser, { url, path: pathOf(reference, 'report'), as: monitor, look });
  await firm.page.getByText('There is no report yet.').waitFor();
  await add(firm.page, 'Overall report', 'Overall report.pdf', 'Annex.pdf');
  await firm.page.getByRole('button', { name: 'Delete Annex.pdf' }).click();
  await firm.page.getByRole('dialog', { name: 'Delete Annex.pdf?' }).getByRole('button', { name: 'Delete' }).click();
  await firm.page.getByText('Annex.pdf is deleted').waitFor();
  await add(firm.page, 'Report on task 0001', 'Task 1.pdf');
  await firm.page.getByText(/^Tasks with a report: 1 of/).waitFor();
  await checkWidth(firm.page);
  await checkAccess(firm.page);
  await picture(firm.page, `report-writing-${look}`);
  await submit(firm.page, reference);
  await firm.stop();

  // The focal point of the agency sends it back.
  const reviewer = await openPage(browser, { url, path: pathOf(reference), as: officer, look });
  await reviewer.page.getByRole('button', { name: 'Send back…' }).click();
  const back = reviewer.page.getByRole('dialog');
  await back.getByRole('button', { name: 'Send back' }).click();
  await back.getByText('Write', { exact: false }).first().waitFor();
  await back.getByLabel(/What has to be corrected/).fill('The numbers of task 1 do not add up.');
  await back.getByRole('button', { name: 'Send back' }).click();
  await reviewer.page.getByText(`The report on ${reference} is sent back`).waitFor();
  await reviewer.stop();

  // The monitor reads why, and corrects.
  const again = await openPage(browser, { url, path: pathOf(reference, 'report'), as: monitor, look });
  await again.page.getByText('The numbers of task 1 do not add up.').first().waitFor();
  await add(again.page, 'Report on task 0001', 'Task 1 corrected.pdf');
  await submit(again.page, reference);
  await again.stop();

  // The planner sees what was asked before, and approves.
  const planner = await openPage(browser, { url, path: pathOf(reference), as: pme, look });
  await planner.page.getByRole('button', { name: 'Approve…' }).click();
  const dialog = planner.page.getByRole('dialog', { name: `Approve ${reference}?` });
  await dialog.getByRole('radiogroup', { name: 'Does task 0001 count?' }).getByText('Counts', { exact: true }).click();
  await dialog.getByLabel(/^Comment/).fill('Thank you for the recount.');
  await dialog.getByRole('checkbox', { name: 'Firm focal points' }).uncheck();
  // A menu or dialog floats outside the landmarks.
  await checkAccess(planner.page, ['region']);
  await picture(planner.page, `report-approve-${look}`);
  const sent = planner.page.waitForRequest((request) => request.url().includes('/approve/'));
  await dialog.getByRole('button', { name: 'Approve' }).click();
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.notify_focal_point, body.notify_tpm_partner, body.mark_as_programmatic_visit.length], [true, false, 1]);
  await planner.page.getByText(`${reference} is approved`).waitFor();
  await planner.page.getByText('Thank you for the recount.').first().waitFor();
  await planner.stop();
}

export default {
  async 'five people bring a report to its approval, with one round of corrections'({ browser, url }) {
    await told(browser, url, 'light');
  },

  async 'the same on a phone'({ browser, url }) {
    await told(browser, url, 'phone');
  },

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
    await add(planner.page, 'For the whole visit', 'Terms.pdf');
    await add(planner.page, 'Documents of task 0001', 'Workplan.pdf');
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
