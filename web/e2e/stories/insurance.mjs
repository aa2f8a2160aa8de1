// The people whom a scheme covers, and their families.
import assert from 'node:assert/strict';
import { checkAccess, checkEveryLook, openPage, picture } from '../browser.mjs';
import { starting, words } from '../words.mjs';

const clerk = 'scheme@almoner.example';
const inScheme = { 'Almoner-Workspace': 'IMI' };
const t = words('en');
const w = (key, values) => t(`insuree:${key}`, values);

// A picture of one pixel.
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Somebody by their number. */
async function byNumber(page, number) {
  const { results } = await (await page.request.get(`/api/insuree/insurees/?chf_id=${number}`, { headers: inScheme })).json();
  assert.ok(results[0], `there is nobody with the number ${number}`);
  return results[0];
}

export default {
  async 'somebody is found, registered with a number that is checked while it is typed, and given a photo'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI', as: clerk, expect: /400/ });
    await page.getByRole('link', { name: w('menu.insurees') }).first().click();
    await page.getByRole('searchbox', { name: w('list.search') }).fill('mensah');
    await page.waitForURL(/q=mensah/);
    await page.getByText(w('list.count_other', { count: '4' })).waitFor();
    await page.getByRole('button', { name: w('list.heads') }).click();
    await page.getByText(w('list.count_one', { count: '1' })).waitFor();
    await picture(page, 'insurees');
    await checkAccess(page);

    await page.getByRole('link', { name: w('add.open') }).click();
    const panel = page.getByRole('dialog', { name: w('add.title') });
    const number = panel.getByRole('textbox', { name: /^Insurance number/ });
    await number.fill('100204037');
    await panel.getByText('Another insuree has this insurance number.').waitFor();
    await number.fill('700100200');
    await panel.getByText(w('number.free')).waitFor();
    await panel.getByRole('textbox', { name: /^Other names/ }).fill('Efua');
    await panel.getByRole('button', { name: w('add.save') }).click();
    await panel.getByText(t('ui:form.missing')).waitFor();
    await panel.getByRole('textbox', { name: /^Last name/ }).fill('Boateng');
    // The server wants more than what its form must have.
    await panel.getByRole('button', { name: w('add.save') }).click();
    await panel.getByRole('alert').getByText('A date of birth is needed.').waitFor();
    await picture(page, 'insuree-refused');
    await checkAccess(page);
    await panel.getByLabel(/^Date of birth/).fill('1991-04-09');
    await panel.getByRole('combobox', { name: /^Gender/ }).click();
    await page.getByRole('option', { name: 'Female' }).click();
    await panel.getByRole('button', { name: w('add.save') }).click();
    await page.getByRole('heading', { level: 1, name: 'Efua Boateng' }).waitFor();
    await panel.waitFor({ state: 'hidden' });

    await page.locator('input[type=file]').setInputFiles({ name: 'efua.png', mimeType: 'image/png', buffer: pixel });
    await page.getByRole('img', { name: w('photo.of', { name: 'Efua Boateng' }) }).waitFor();
    await picture(page, 'insuree');
    await checkAccess(page);
    await stop();
  },

  async 'a family gets another head, loses a member, and is deleted without its members'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI/insurees', as: clerk });
    const { family } = await byNumber(page, '100204370');
    await page.goto(`/IMI/families/${family.id}`);
    const card = (name) => page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
    const ask = async (name, act) => {
      await card(name).getByRole('button', { name: w('family.actions', { name }) }).click();
      await page.getByRole('menuitem', { name: w(`${act}.open`) }).click();
    };
    await page.getByRole('heading', { level: 1, name: w('family.of', { name: 'Grace Okello' }) }).waitFor();
    await ask('Samuel Okello', 'head');
    const head = page.getByRole('dialog', { name: w('head.title') });
    await head.getByText(w('head.before', { name: 'Grace Okello' })).waitFor();
    await picture(page, 'family-head');
    await checkAccess(page);
    await head.getByRole('button', { name: w('head.confirm') }).click();
    await page.getByRole('heading', { level: 1, name: w('family.of', { name: 'Samuel Okello' }) }).waitFor();
    await ask('Grace Okello', 'remove');
    await page.getByRole('dialog', { name: w('remove.title') }).getByRole('button', { name: w('remove.confirm') }).click();
    await card('Grace Okello').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: w('more'), exact: true }).click();
    await page.getByRole('menuitem', { name: w('dissolve.open') }).click();
    const dissolve = page.getByRole('dialog', { name: w('dissolve.title') });
    await dissolve.getByRole('radio', { name: starting(w('dissolve.stay')) }).check();
    await dissolve.getByRole('button', { name: w('dissolve.confirm'), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: w('list.title') }).waitFor();
    assert.equal((await byNumber(page, '100204407')).family, null);
    await stop();
  },

  async 'a family in every look'({ browser, url }) {
    await checkEveryLook(browser, { url, as: clerk, path: async (page) => `/IMI/families/${(await byNumber(page, '100204037')).family.id}`, name: 'family', start: '/IMI/settings/profile' });
  },
};
