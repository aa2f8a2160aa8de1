// The fields of a country's own: an administrator adds one, a planner fills it in, and it is found and taken away.
import assert from 'node:assert/strict';
import { checkAccess, checkEveryLook, openPage, picture } from '../browser.mjs';
import { starting, words } from '../words.mjs';

const t = words('en');
const inKenya = { 'Almoner-Workspace': 'KEN' };

export default {
  async 'an administrator adds a field to visits, a planner fills it in, and lists find it'({ browser, url }) {
    const office = await openPage(browser, { url, path: '/KEN/admin/fields/tpm.visit', as: 'admin@almoner.example' });
    const { page } = office;
    await page.getByRole('link', { name: t('customisation:further.add') }).click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('textbox', { name: starting(t('customisation:label.en')) }).fill('Road condition');
    await panel.getByRole('combobox', { name: t('customisation:form.kind') }).click();
    await page.getByRole('option', { name: t('customisation:kind.choice'), exact: true }).click();
    await panel.getByRole('textbox', { name: starting(t('customisation:form.choices')) }).fill('good = Good\nbad = Bad');
    await picture(page, 'fields-new');
    await checkAccess(page);
    await panel.getByRole('button', { name: t('customisation:form.save') }).click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByText('road_condition').waitFor();
    await checkEveryLook(browser, { url, as: 'admin@almoner.example', path: '/KEN/admin/fields/tpm.visit', name: 'fields' });

    const desk = await openPage(browser, { url, path: '/KEN', as: 'pme@almoner.example' });
    const { results } = await (await desk.page.request.get('/api/tpm/visits/?status=draft&page_size=1', { headers: inKenya })).json();
    assert.ok(results[0], 'there is no draft');
    const visit = `/KEN/visits/${results[0].reference_number.toLowerCase().replaceAll('/', '-')}`;
    await desk.page.goto(`${visit}/edit`);
    const edit = desk.page.getByRole('dialog');
    await edit.getByRole('combobox', { name: /^Road condition/ }).click();
    await desk.page.getByRole('option', { name: 'Bad' }).click();
    await picture(desk.page, 'fields-filled');
    await checkAccess(desk.page);
    await edit.getByRole('button', { name: t('about.save') }).click();
    await edit.waitFor({ state: 'hidden' });
    await desk.page.getByText('Road condition', { exact: true }).waitFor();
    const found = await (await desk.page.request.get('/api/tpm/visits/?extensions__road_condition=bad', { headers: inKenya })).json();
    assert.deepEqual(found.results.map((one) => one.id), [results[0].id]);
    const table = await (await desk.page.request.get('/api/tpm/visits/?format=csv', { headers: inKenya })).text();
    assert.match(table, /Road condition/);
    await desk.stop();
    await office.stop();
  },
};
