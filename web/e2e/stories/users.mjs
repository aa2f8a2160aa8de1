// Who works for a scheme, and what roles let them do.
import assert from 'node:assert/strict';
import { checkAccess, checkEveryLook, openPage, picture, token } from '../browser.mjs';
import { starting, words } from '../words.mjs';

const administrator = 'scheme@almoner.example';
const t = words('en');
const w = (key, values) => t(`account:${key}`, values);

export default {
  async 'a role is made of rights, and an officer who signs in holds it, works in villages, and loses all of it'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI/roles', as: administrator, expect: /400/ });
    await page.getByRole('heading', { level: 1, name: w('role.title') }).waitFor();
    await page.getByRole('link', { name: w('role.add') }).click();
    const role = page.getByRole('dialog', { name: w('role.add') });
    await role.getByRole('textbox', { name: starting(`${w('role.name')} (`) }).fill('Registrar');
    await role.getByRole('checkbox', { name: 'See insurees 101101' }).check();
    await role.getByRole('group', { name: w('module.account') }).getByRole('checkbox').first().check();
    await picture(page, 'role');
    await checkAccess(page);
    await role.getByRole('button', { name: w('role.save') }).click();
    await page.getByRole('heading', { level: 1, name: 'Registrar' }).waitFor();
    const path = new URL(page.url()).pathname;
    await page.getByRole('navigation', { name: w('role.trail') }).getByRole('link').click();
    await page.getByRole('link', { name: 'Registrar' }).waitFor();
    await picture(page, 'roles');
    await checkAccess(page);

    await page.goto('/IMI/users');
    await page.getByRole('link', { name: w('users.add') }).click();
    const panel = page.getByRole('dialog', { name: w('users.add') });
    const fill = (name, value) => panel.getByRole('textbox', { name: new RegExp(`^${w(`users.${name}`)}`) }).fill(value);
    await fill('other_names', 'Abena');
    await fill('last_name', 'Osei');
    await panel.getByRole('button', { name: w('users.save') }).click();
    await panel.getByText(w('users.missing')).first().waitFor();
    await fill('username', 'abena');
    const choose = async (field, typed, option) => {
      const box = panel.getByRole('combobox', { name: new RegExp(`^${w(`users.${field}`)}`) });
      await box.click();
      await box.fill(typed);
      await page.getByRole('option', { name: option }).click();
      await page.keyboard.press('Escape');
    };
    await choose('roles', 'Registrar', 'Registrar');
    await choose('districts', 'Rapta', /^Rapta/);
    await panel.getByRole('checkbox', { name: w('kind.OFFICER') }).check();
    await choose('villages', 'Achi', /^Achi/);
    await panel.getByRole('combobox', { name: starting(w('users.substitute')) }).fill('Mulenga');
    await page.getByRole('option', { name: /Mulenga/ }).click();
    await picture(page, 'user');
    await checkAccess(page);
    await panel.getByRole('button', { name: w('users.save') }).click();
    await panel.waitFor({ state: 'hidden' });
    const link = page.getByRole('link', { name: 'Abena Osei' });
    await link.waitFor();
    await picture(page, 'users');
    await checkAccess(page);

    await link.click();
    const change = page.getByRole('dialog', { name: w('users.change') });
    await change.getByText('Achi').waitFor();
    assert.match(await change.getByRole('combobox', { name: starting(w('users.substitute')) }).inputValue(), /Mulenga/);
    await change.getByRole('button', { name: w('users.delete') }).click();
    await page.getByRole('dialog', { name: w('users.deleteTitle') }).getByRole('button', { name: w('users.delete') }).click();
    await link.waitFor({ state: 'detached' });

    await page.goto(path);
    await page.getByText(w('role.noHolders')).waitFor();
    await page.getByRole('button', { name: w('role.more') }).click();
    await page.getByRole('menuitem', { name: w('role.delete') }).click();
    const ending = page.getByRole('dialog', { name: w('role.deleteTitle') });
    await ending.getByText(w('role.noHolders')).waitFor();
    await picture(page, 'role-delete');
    await ending.getByRole('button', { name: w('role.delete') }).click();
    await page.getByRole('heading', { level: 1, name: w('role.title') }).waitFor();
    await page.getByRole('link', { name: 'Registrar' }).waitFor({ state: 'detached' });
    await stop();
  },

  async 'a role begins as a copy of another; what somebody else changes meanwhile is not overwritten'({ browser, url }) {
    const { page, context, stop } = await openPage(browser, { url, path: '/IMI/roles', as: administrator, expect: /409/ });
    await page.getByRole('link', { name: 'Claim Administrator', exact: true }).click();
    await page.getByRole('link', { name: w('role.duplicate') }).click();
    const made = page.getByRole('dialog', { name: w('role.add') });
    const name = made.getByRole('textbox', { name: starting(`${w('role.name')} (`) });
    await page.waitForFunction((text) => [...document.querySelectorAll('input')].some((input) => input.value === text), w('role.copyOf', { name: 'Claim Administrator' }));
    await picture(page, 'role-copy');
    await checkAccess(page);
    await name.fill('Claims clerk');
    await made.getByRole('button', { name: w('role.save') }).click();
    await page.getByRole('heading', { level: 1, name: 'Claims clerk' }).waitFor();
    const shown = new URL(page.url()).pathname;
    await page.getByRole('link', { name: w('role.edit') }).click();
    const role = page.getByRole('dialog', { name: w('role.change') });
    await role.getByRole('textbox', { name: starting(w('role.alt_language')) }).fill('Agent');
    // What is typed can stay on the device while one looks elsewhere.
    await role.getByRole('button', { name: t('ui:cancel') }).click();
    await page.getByRole('button', { name: t('ui:leave.keep') }).click();
    await role.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: w('role.edit') }).click();
    await role.getByRole('button', { name: t('ui:draft.take') }).click();

    const headers = { 'Almoner-Workspace': 'IMI', ...(await token(context)) };
    const path = `/api/account/scheme-roles/${shown.split('/').pop()}/`;
    const other = await page.request.patch(path, { headers, data: { name: 'Claims desk', is_system: false, is_blocked: false, rights_id: [101101] } });
    assert.equal(other.status(), 204);
    await role.getByRole('button', { name: w('role.saveChanges') }).click();
    await role.getByText(t('ui:conflict.title')).waitFor();
    await picture(page, 'role-conflict');
    // A box lies half below the edge of what scrolls, and is measured there.
    await checkAccess(page, ['target-size']);
    await role.getByRole('button', { name: t('ui:conflict.again') }).click();
    await role.getByText(t('ui:conflict.title')).waitFor({ state: 'detached' });
    await role.getByRole('button', { name: w('role.saveChanges') }).click();
    await role.waitFor({ state: 'detached' });
    const { name: kept, alt_language: typed, rights } = await (await page.request.get(path, { headers })).json();
    assert.deepEqual([kept, typed, rights.map((right) => right.right_id)], ['Claims desk', 'Agent', [101101]]);
    // The page tells who gave and who took which rights.
    await page.getByRole('heading', { level: 1, name: 'Claims desk' }).waitFor();
    const history = page.getByRole('list', { name: t('ui:history.title') });
    await history.getByText(starting(`${w('role.taken')}:`)).waitFor();
    await history.getByText(starting(`${w('role.given')}:`)).first().waitFor();
    await stop();
  },

  async 'a user in every look'({ browser, url }) {
    await checkEveryLook(browser, {
      url,
      as: administrator,
      path: async (page) => {
        const { results } = await (await page.request.get('/api/account/scheme-users/', { headers: { 'Almoner-Workspace': 'IMI' } })).json();
        return `/IMI/users/${results[0].id}`;
      },
      name: 'user',
      start: '/IMI/settings/profile',
    });
  },

  async 'a role in every look'({ browser, url }) {
    await checkEveryLook(browser, {
      url,
      as: administrator,
      path: async (page) => {
        const { results } = await (await page.request.get('/api/account/scheme-roles/?name=Scheme Administrator', { headers: { 'Almoner-Workspace': 'IMI' } })).json();
        return `/IMI/roles/${results[0].id}`;
      },
      name: 'role',
      start: '/IMI/settings/profile',
    });
  },
};
