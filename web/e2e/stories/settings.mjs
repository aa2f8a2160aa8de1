// Settings while everybody works: an administrator lowers what may be uploaded, a planner finds it in force, and it is set back.
import assert from 'node:assert/strict';
import { checkAccess, checkEveryLook, checkWidth, openPage, picture } from '../browser.mjs';
import { words } from '../words.mjs';

const admin = 'admin@almoner.example';
const planner = 'pme@almoner.example';

const t = words('en');
const here = '/KEN/admin/settings';
const inKenya = { 'Almoner-Workspace': 'KEN' };

/** The greatest size of a file as a planner's form learns it. */
async function largest(page) {
  const { results } = await (await page.request.get('/api/tpm/visits/?status=draft&page_size=1', { headers: inKenya })).json();
  const answer = await page.request.fetch(`/api/tpm/visits/${results[0].id}/attachments/`, { method: 'OPTIONS', headers: inKenya });
  const size = /"max_size":\s*(\d+)/.exec(await answer.text());
  assert.ok(size, 'the options of documents tell no size');
  return Number(size[1]);
}

export default {
  async 'an administrator lowers the largest file, a planner finds it in force, and it is set back'({ browser, url }) {
    const desk = await openPage(browser, { url, path: '/KEN', as: planner });
    assert.equal(await largest(desk.page), 50_000_000);
    const { page, stop } = await openPage(browser, { url, path: here, as: admin, expect: /400/ });
    const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Largest file' }) });
    await row.getByText('50 MB').waitFor();
    await picture(page, 'settings');
    await row.getByRole('link').click();
    const panel = page.getByRole('dialog', { name: 'Largest file' });
    const box = panel.getByRole('textbox', { name: t('setting:value.label') });
    await box.fill('0');
    await panel.getByRole('button', { name: t('setting:save') }).click();
    await panel.getByText('Ensure this value is greater than or equal to 1KiB.').waitFor();
    await picture(page, 'settings-refused');
    await checkAccess(page);
    await checkWidth(page);
    await box.fill('2');
    await panel.getByRole('button', { name: t('setting:save') }).click();
    await panel.waitFor({ state: 'hidden' });
    await row.getByText('2 MB').waitFor();
    await row.getByText(t('setting:source.administrator')).waitFor();
    assert.equal(await largest(desk.page), 2_000_000);

    await row.getByRole('link').click();
    await panel.getByText(t('setting:history.change', { before: t('setting:history.default'), after: '2 MB' })).waitFor();
    await picture(page, 'settings-changed');
    await panel.getByRole('button', { name: t('setting:reset') }).click();
    await panel.waitFor({ state: 'hidden' });
    await row.getByText('50 MB').waitFor();
    assert.equal(await largest(desk.page), 50_000_000);
    await stop();
    await desk.stop();
  },

  async 'a notice stands above every page of its workspace'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: `${here}/notice`, as: admin });
    const panel = page.getByRole('dialog');
    await panel.getByText(t('setting:place.here', { name: 'Kenya' })).click();
    await panel.getByRole('textbox', { name: t('setting:value.label') }).fill('Maintenance on Friday from 18:00');
    await panel.getByRole('button', { name: t('setting:save') }).click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByRole('complementary', { name: t('setting:notice') }).waitFor();
    await picture(page, 'settings-notice');
    await checkAccess(page);
    const answer = await page.request.get('/api/auth/session/', { headers: { 'Almoner-Workspace': 'LBN' } });
    assert.equal((await answer.json()).notice, '');
    await page.goto(`${here}/notice`);
    await panel.getByRole('button', { name: t('setting:reset') }).click();
    await page.getByRole('complementary', { name: t('setting:notice') }).waitFor({ state: 'detached' });
    await stop();
  },

  async 'the settings in every look'({ browser, url }) {
    await checkEveryLook(browser, { url, as: admin, path: `${here}/auth.session_idle`, name: 'settings' });
  },
};
