// The fields of a country's own: an administrator adds one, a planner fills it in, and it is found and taken away.
import assert from 'node:assert/strict';
import { checkAccess, checkEveryLook, openPage, picture, token } from '../browser.mjs';
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

  async 'fields of tasks and firms are filled in where tasks and firms are, under the names that administrators gave'({ browser, url }) {
    const office = await openPage(browser, { url, path: '/KEN/admin/fields/tpm.task', as: 'admin@almoner.example' });
    const { request } = office.context;
    const headers = { ...inKenya, ...(await token(office.context)) };
    const declare = async (path, data) => assert.equal((await request.post(`/api/customisation/${path}/`, { headers, data })).status(), 201);
    await declare('extension-fields', { entity: 'tpm.task', key: 'households', kind: 'integer', labels: { en: 'Households' }, min: '1' });
    await declare('extension-fields', { entity: 'tpm.firm', key: 'licensed_until', kind: 'date', labels: { en: 'Licensed until' } });
    await declare('field-controls', { entity: 'tpm.task', field: 'additional_information', labels: { en: 'What to look at' }, required: true });
    await declare('field-controls', { entity: 'tpm.task', field: 'cp_output', hidden: true });
    await declare('field-controls', { entity: 'tpm.firm', field: 'phone_number', labels: { en: 'Duty telephone' } });

    const desk = await openPage(browser, { url, path: '/KEN', as: 'pme@almoner.example', expect: /status of 400/ });
    const { page } = desk;
    const drafts = (await (await page.request.get('/api/tpm/visits/?status=draft&page_size=20', { headers: inKenya })).json()).results;
    const draft = drafts.find((one) => one.implementing_partners.length > 0);
    assert.ok(draft, 'there is no draft with a task');
    const { tpm_activities: [task] } = await (await page.request.get(`/api/tpm/visits/${draft.id}/`, { headers: inKenya })).json();
    await page.goto(`/KEN/visits/${draft.reference_number.toLowerCase().replaceAll('/', '-')}/tasks/${task.id}`);
    const panel = page.getByRole('dialog');
    const look = panel.getByRole('textbox', { name: starting('What to look at') });
    await look.waitFor();
    await page.waitForFunction((input) => input?.ariaRequired === 'true', await look.elementHandle());
    assert.equal(await panel.getByRole('combobox', { name: starting(t('field.output')) }).count(), 0, 'a hidden field is in the form');
    await look.fill('');
    await panel.getByRole('textbox', { name: starting('Households') }).fill('0');
    await panel.getByRole('button', { name: t('task.save') }).click();
    await panel.getByText(t('form.missing.information')).waitFor();
    await look.fill('The well');
    await panel.getByRole('button', { name: t('task.save') }).click();
    await panel.getByText('Enter 1 or more.').waitFor();
    await picture(page, 'fields-task');
    await checkAccess(page);
    await panel.getByRole('textbox', { name: starting('Households') }).fill('31');
    await panel.getByRole('button', { name: t('task.save') }).click();
    await panel.waitFor({ state: 'hidden' });
    const kept = (await (await page.request.get(`/api/tpm/visits/${draft.id}/`, { headers: inKenya })).json()).tpm_activities.find((one) => one.id === task.id);
    assert.deepEqual(kept.extensions, { households: 31 });

    await page.goto(`/KEN/firms/${draft.tpm_partner.id}/edit`);
    await panel.getByRole('textbox', { name: starting('Duty telephone') }).waitFor();
    await panel.getByLabel(/^Licensed until/).fill('2027-06-30');
    await picture(page, 'fields-firm');
    await panel.getByRole('button', { name: t('about.save') }).click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByText('30 Jun 2027').waitFor();
    await page.getByText('Duty telephone', { exact: true }).waitFor();
    await desk.stop();

    await office.page.goto('/KEN/admin/fields/tpm.visit/field/status');
    const names = office.page.getByRole('dialog');
    await names.getByRole('textbox', { name: 'Draft', exact: true }).fill('In preparation');
    await names.getByRole('button', { name: t('customisation:form.save') }).click();
    await names.waitFor({ state: 'hidden' });
    await office.page.goto('/KEN/admin/fields/tpm.visit/field/status');
    await names.getByRole('heading', { name: t('customisation:history.title') }).waitFor();
    await names.getByText(t('customisation:history.created')).waitFor();
    await picture(office.page, 'fields-choices');
    const reader = await openPage(browser, { url, path: '/KEN/visits', as: 'pme@almoner.example' });
    await reader.page.getByText('In preparation', { exact: true }).first().waitFor();
    assert.equal(await reader.page.getByRole('table').getByText(t('status.draft'), { exact: true }).count(), 0, 'a draft is called what it came as');
    await picture(reader.page, 'fields-called');
    await reader.stop();
    // Other stories find forms as they come with the program.
    const controls = await (await request.get('/api/customisation/field-controls/?page_size=all', { headers })).json();
    for (const { id } of controls) assert.equal((await request.delete(`/api/customisation/field-controls/${id}/`, { headers })).status(), 204);
    await office.stop();
  },

  async 'a scheme asks of its insurees what it wants to know'({ browser, url }) {
    const office = await openPage(browser, { url, path: '/KEN/admin/fields/insuree.insuree', as: 'admin@almoner.example' });
    const headers = { ...inKenya, ...(await token(office.context)) };
    const declared = await office.context.request.post('/api/customisation/extension-fields/', {
      headers, data: { entity: 'insuree.insuree', key: 'weight', kind: 'decimal', scale: 1, labels: { en: 'Weight in kg', ar: 'الوزن بالكيلوغرام' }, min: '0', max: '300' },
    });
    assert.equal(declared.status(), 201);
    await office.stop();

    const desk = await openPage(browser, { url, path: '/IMI/insurees', as: 'scheme@almoner.example', expect: /status of 400/ });
    const { page } = desk;
    const [one] = (await (await page.request.get('/api/insuree/insurees/?page_size=1', { headers: { 'Almoner-Workspace': 'IMI' } })).json()).results;
    await page.goto(`/IMI/insurees/${one.id}/edit`);
    const panel = page.getByRole('dialog');
    const weight = panel.getByRole('textbox', { name: starting('Weight in kg') });
    await weight.fill('301');
    await panel.getByRole('button', { name: t('insuree:edit.save') }).click();
    await panel.getByText('Enter 300 or less.').first().waitFor();
    await picture(page, 'fields-insuree');
    await checkAccess(page);
    await weight.fill('61.5');
    await panel.getByRole('button', { name: t('insuree:edit.save') }).click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByText('61.5', { exact: true }).first().waitFor();
    await page.getByText('Weight in kg', { exact: true }).first().waitFor();
    await picture(page, 'fields-insuree-page');
    await desk.stop();
  },
};
