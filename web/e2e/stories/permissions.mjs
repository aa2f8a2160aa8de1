// Who may do what: an administrator changes the rules, and everybody else notices within seconds.
import assert from 'node:assert/strict';
import { checkAccess, checkEveryLook, checkWidth, openPage, picture, settled } from '../browser.mjs';
import { starting, words } from '../words.mjs';

const admin = 'admin@almoner.example';
const planner = 'pme@almoner.example';
const monitor = 'monitor@firm.example';

const t = words('en');
const here = '/KEN/admin/permissions';
const inKenya = { 'Almoner-Workspace': 'KEN' };

/** The row of the rule that lets planners assign drafts. */
const sentence = 'PME may do “Assign” while the visit is Draft.';
const row = (page) => page.getByRole('listitem').filter({ has: page.getByText(sentence, { exact: true }) });

/** What is seen of a switch, and pressed, covers the box itself. */
const onTrack = { force: true };

/** A draft of a visit. */
async function someDraft(page) {
  const { results } = await (await page.request.get('/api/tpm/visits/?status=draft&page_size=1', { headers: inKenya })).json();
  assert.ok(results[0], 'there is no draft');
  return `/KEN/visits/${results[0].reference_number.toLowerCase().replaceAll('/', '-')}`;
}

/** Loads the draft anew until its Assign button is there, or is not; rules hold everywhere within two seconds. */
async function untilAssign(page, there) {
  const button = page.getByRole('button', { name: t('move.asks', { action: t('move.assign.label') }) });
  const end = Date.now() + 5000;
  for (;;) {
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settled(page);
    if ((await button.count()) === (there ? 1 : 0)) return;
    assert.ok(Date.now() < end, `five seconds later the button is still ${there ? 'missing' : 'there'}`);
  }
}

export default {
  async 'an administrator switches a rule off and on, and a planner notices'({ browser, url }) {
    const office = await openPage(browser, { url, path: '/KEN', as: admin });
    const desk = await openPage(browser, { url, path: '/KEN', as: planner });
    await desk.page.goto(await someDraft(desk.page));
    await untilAssign(desk.page, true);

    const { page } = office;
    await page.getByRole('main').getByRole('link', { name: starting(t('permission:menu.rules')) }).waitFor();
    await picture(page, 'home-admin');
    await checkAccess(page);
    await page.getByRole('main').getByRole('link', { name: starting(t('permission:menu.rules')) }).click();
    await page.getByRole('heading', { level: 1, name: t('permission:title') }).waitFor();
    await page.getByRole('searchbox', { name: t('permission:search') }).fill('assign draft');
    await page.waitForURL(/q=assign/);
    await row(page).getByRole('switch').click(onTrack);
    const dialog = page.getByRole('dialog', { name: t('permission:off.title') });
    await dialog.getByRole('textbox').fill('No new visits while the audit lasts');
    await picture(page, 'permissions-off');
    await checkAccess(page);
    await dialog.getByRole('button', { name: t('permission:off.confirm') }).click();
    await dialog.waitFor({ state: 'hidden' });
    await row(page).getByText('Switched off by', { exact: false }).waitFor();
    await row(page).getByText('No new visits while the audit lasts').waitFor();
    assert.equal(await row(page).getByRole('switch').isChecked(), false);
    await page.getByRole('button', { name: new RegExp(`^${t('permission:onlyChanged')}`) }).click();
    await page.waitForURL(/changed=yes/);
    await row(page).waitFor();
    await picture(page, 'permissions-changed');
    await checkAccess(page);
    await untilAssign(desk.page, false);

    await row(page).getByRole('switch').click(onTrack);
    await page.getByRole('heading', { name: t('permission:nothingChanged') }).waitFor();
    await untilAssign(desk.page, true);
    await office.stop();
    await desk.stop();
  },

  async 'an administrator adds a rule, is told what is wrong with it, and takes it back'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: `${here}?type=tpm.visit`, as: admin, expect: /400/ });
    await page.getByRole('link', { name: t('permission:add.open') }).click();
    const panel = page.getByRole('dialog', { name: t('permission:add.title') });
    const choose = async (label, option) => {
      const box = panel.getByRole('combobox', { name: new RegExp(`^${label}`) });
      await box.click();
      await box.fill(option);
      await page.getByRole('option', { name: option, exact: true }).first().click();
      await box.press('Tab');
      await page.getByRole('option').first().waitFor({ state: 'hidden' });
    };
    // The first rule that is written comes with the program already.
    await panel.getByText(t('permission:kind.act'), { exact: true }).click();
    await choose(t('permission:filter.type'), 'Visit');
    await choose(t('permission:add.action'), 'Assign');
    await choose(t('permission:add.conditions'), 'PME');
    await choose(t('permission:add.conditions'), 'Visit: Draft');
    await panel.getByText('PME may do “Assign” (Visit) while the visit is Draft.').waitFor();
    await panel.getByRole('button', { name: t('permission:add.save') }).click();
    await panel.getByText(t('permission:add.missingReason')).waitFor();
    await panel.getByRole('textbox', { name: /^Reason/ }).fill('Officers may not assign');
    await panel.getByRole('button', { name: t('permission:add.save') }).click();
    await panel.getByText('This row comes with the program already.').waitFor();
    await picture(page, 'permissions-refused');
    await checkAccess(page);
    await checkWidth(page);

    await panel.getByText(t('permission:effect.refuse'), { exact: true }).click();
    await panel.getByRole('button', { name: t('permission:add.save') }).click();
    await panel.waitFor({ state: 'hidden' });
    assert.equal(new URL(page.url()).searchParams.get('type'), 'tpm.visit');
    await page.goto(`${here}?changed=yes`);
    const added = page.getByRole('listitem').filter({ has: page.getByText('PME may not do “Assign” while the visit is Draft.') });
    await added.getByText('Officers may not assign').waitFor();
    await added.getByRole('button', { name: t('permission:takeBack') }).click();
    await page.getByRole('heading', { name: t('permission:nothingChanged') }).waitFor();
    await stop();
  },

  async 'the rules in every look'({ browser, url }) {
    await checkEveryLook(browser, { url, as: admin, path: here, name: 'permissions' });
  },

  async 'a rule being added in every look'({ browser, url }) {
    await checkEveryLook(browser, { url, as: admin, path: `${here}/new`, name: 'permissions-new' });
  },

  async 'a monitor finds no way there, and is refused at the address'({ browser, url }) {
    const { page, context, stop } = await openPage(browser, { url, path: '/KEN', as: monitor, expect: /NoAccess|403|404/ });
    await page.getByRole('navigation').first().waitFor();
    assert.equal(await page.getByRole('link', { name: t('permission:menu.rules') }).count(), 0);
    await page.goto(here);
    await page.getByRole('heading', { level: 1, name: t('app:noAccess.screenTitle') }).waitFor();
    for (const path of ['rows/', 'vocabulary/', 'overrides/']) {
      const answer = await context.request.get(`/api/permission/${path}`, { headers: inKenya });
      assert.ok([403, 404].includes(answer.status()), `${path} answers ${answer.status()}`);
    }
    await stop();
  },
};
