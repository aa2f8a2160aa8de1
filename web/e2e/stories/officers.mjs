// Who works for a scheme in the field: enrolment officers and claim administrators, whether they sign in or not.
import { checkAccess, checkEveryLook, openPage, picture, settled } from '../browser.mjs';
import { starting, words } from '../words.mjs';

const administrator = 'scheme@almoner.example';
const t = words('en');
const o = (key, values) => t(`officer:${key}`, values);

/** Looks for something in a field of a panel and takes it. */
async function choose(page, panel, label, typed) {
  const box = panel.getByRole('combobox', { name: starting(label) });
  await box.click();
  await box.fill(typed);
  await page.getByRole('option', { name: starting(typed) }).click();
}

export default {
  async 'an officer is written down with villages, gets others, and leaves'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI/officers', as: administrator, expect: /400/ });
    await page.getByText(o('officers.count_other', { count: '5' })).waitFor();
    await picture(page, 'officers');
    await checkAccess(page);
    await page.getByRole('link', { name: o('officers.add') }).click();
    const panel = page.getByRole('dialog', { name: o('officers.add') });
    const fill = (name, value) => panel.getByRole('textbox', { name: starting(o(`field.${name}`)) }).first().fill(value);
    await panel.getByRole('textbox', { name: starting('Other names') }).first().fill('Wanjiru');
    await panel.getByRole('textbox', { name: starting('Last name') }).first().fill('Mutua');
    await fill('code', 'RA-EO-01');
    await choose(page, panel, o('field.location'), 'Rapta');
    await choose(page, panel, o('field.officer_villages'), 'Zuma');
    await choose(page, panel, o('field.officer_villages'), 'Remoti');
    await choose(page, panel, o('field.substitution_officer'), 'Mulenga');
    await panel.getByRole('button', { name: o('add.save'), exact: true }).click();
    // Somebody has this code.
    await panel.getByRole('alert').waitFor();
    await picture(page, 'officer-refused');
    await checkAccess(page);
    await fill('code', 'RA-EO-03');
    await panel.getByRole('button', { name: o('add.save'), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Wanjiru Mutua' }).waitFor();
    const main = page.getByRole('main');
    await main.getByRole('listitem').filter({ hasText: /^Remoti$/ }).waitFor();
    await picture(page, 'officer-page');
    await checkAccess(page);

    await page.getByRole('link', { name: o('edit.open') }).click();
    const edit = page.getByRole('dialog', { name: o('officers.edit') });
    await edit.getByText(starting('Remoti')).waitFor();
    await edit.getByRole('combobox', { name: starting(o('field.officer_villages')) }).focus();
    await page.keyboard.press('Backspace');
    await choose(page, edit, o('field.officer_villages'), 'Oya');
    await edit.getByRole('button', { name: t('ui:form.save'), exact: true }).click();
    await edit.waitFor({ state: 'detached' });
    await main.getByRole('listitem').filter({ hasText: /^Oya$/ }).waitFor();
    await main.locator('ul li', { hasText: /^Remoti$/ }).waitFor({ state: 'detached' });
    await main.getByRole('link', { name: 'Mulenga Chanda' }).waitFor();

    await main.getByRole('button', { name: o('more') }).click();
    await page.getByRole('menuitem', { name: o('officers.close') }).click();
    const close = page.getByRole('dialog', { name: o('officers.closeTitle') });
    await checkAccess(page);
    await close.getByRole('button', { name: o('close.confirm'), exact: true }).click();
    await page.getByText(o('officers.count_other', { count: '5' })).waitFor();
    await stop();
  },

  async 'a claim administrator is found by the facility; who is a user changes on the screen of users'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI/claim-administrators', as: administrator });
    await page.getByText(o('claim-admins.count_other', { count: '6' })).waitFor();
    await page.getByRole('button', { name: t('ui:filter.addNamed') }).click();
    await page.getByRole('menuitem', { name: o('field.health_facility') }).click();
    await page.getByRole('dialog', { name: o('field.health_facility') }).getByText('Vida District Hospital').click();
    await page.getByText(o('claim-admins.count_one', { count: '1' })).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Anita Gurung' }).click();
    await page.getByRole('link', { name: 'Vida District Hospital' }).waitFor();
    await page.getByRole('link', { name: o('edit.open') }).click();
    const panel = page.getByRole('dialog', { name: o('claim-admins.edit') });
    // The facility of today is there before another is looked for.
    await settled(page);
    await choose(page, panel, o('field.health_facility'), 'Uptol');
    await picture(page, 'claim-admin-edit');
    await checkAccess(page);
    await panel.getByRole('button', { name: t('ui:form.save'), exact: true }).click();
    await panel.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Uptol Health Centre' }).waitFor();

    // A user with the code of an officer is that officer.
    await page.goto('/IMI/users/new');
    const user = page.getByRole('dialog', { name: t('account:users.add') });
    for (const [field, value] of [['other_names', 'Lucía'], ['last_name', 'Vargas'], ['username', 'JM-EO-01']]) await user.getByRole('textbox', { name: starting(t(`account:users.${field}`)) }).fill(value);
    await choose(page, user, t('account:users.roles'), 'Enrolment Officer');
    await page.keyboard.press('Escape');
    await user.getByRole('checkbox', { name: t('account:kind.OFFICER') }).check();
    await user.getByRole('button', { name: t('account:users.save') }).click();
    await user.waitFor({ state: 'hidden' });
    await page.goto('/IMI/officers?login=yes');
    await page.getByRole('link', { name: 'Lucía Vargas' }).click();
    await page.getByRole('link', { name: o('edit.open') }).click();
    const officer = page.getByRole('dialog', { name: o('officers.edit') });
    await officer.getByText(o('user.text')).waitFor();
    await officer.getByRole('textbox', { name: starting('Last name') }).first().waitFor();
    await picture(page, 'officer-user');
    await checkAccess(page);
    await officer.getByRole('link', { name: o('user.open') }).click();
    await page.getByRole('dialog', { name: t('account:users.change') }).waitFor();
    await stop();
  },

  async 'officers in every look'({ browser, url }) {
    const first = async (page, path) => (await (await page.request.get(path, { headers: { 'Almoner-Workspace': 'IMI' } })).json()).results[0].id;
    await checkEveryLook(browser, { url, as: administrator, path: '/IMI/officers', name: 'officers' });
    await checkEveryLook(browser, { url, as: administrator, start: '/IMI/settings/profile', path: async (page) => `/IMI/officers/${await first(page, '/api/officer/officers/?search=efua')}`, name: 'officer' });
    await checkEveryLook(browser, { url, as: administrator, start: '/IMI/settings/profile', path: async (page) => `/IMI/officers/${await first(page, '/api/officer/officers/?search=efua')}/edit`, name: 'officer-edit' });
    await checkEveryLook(browser, { url, as: administrator, path: '/IMI/claim-administrators', name: 'claim-admins' });
  },
};
