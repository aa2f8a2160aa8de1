// What an insurance scheme works with: its places, health facilities, the catalogue and price lists.
import { checkAccess, checkEveryLook, openPage, picture } from '../browser.mjs';
import { starting, words } from '../words.mjs';

const clerk = 'scheme@almoner.example';
const t = words('en');
const inScheme = { 'Almoner-Workspace': 'IMI' };

/** The id of the first record of a list that fits. */
async function first(page, path) {
  const { results } = await (await page.request.get(path, { headers: inScheme })).json();
  return results[0].id;
}

export default {
  async 'from the start page to a family; a place is added, moved and closed, and stays in the past'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI', as: clerk, expect: /409/ });
    const main = page.getByRole('main');
    await main.getByRole('heading', { level: 1 }).waitFor();
    await picture(page, 'scheme-home');
    await checkAccess(page);
    await main.getByRole('searchbox', { name: t('insuree:menu.findFamily') }).fill('okello');
    await page.keyboard.press('Enter');
    await page.waitForURL(/families\?q=okello/);
    await page.getByText(t('insuree:families.count_one', { count: '1' })).waitFor();
    await picture(page, 'families');
    await checkAccess(page);

    await page.getByRole('link', { name: t('location:title'), exact: true }).first().click();
    const item = (name) => main.getByRole('listitem').filter({ hasText: name }).last();
    const ask = async (name, what) => {
      await main.getByRole('button', { name: t('location:actions', { name }), exact: true }).click();
      await page.getByRole('menuitem', { name: what }).click();
    };
    const open = (name) => main.getByRole('button', { name: t('location:open', { name }), exact: true }).click();
    await open('Ultha');
    await open('Rapta');
    await ask('Jamu', t('location:add.within'));
    const panel = page.getByRole('dialog', { name: t('location:add.title') });
    await panel.getByRole('textbox', { name: starting('Name') }).fill('Newtown');
    await panel.getByRole('textbox', { name: starting('P-code') }).fill('R1D1M1V9');
    await picture(page, 'place-new');
    await checkAccess(page);
    await panel.getByRole('button', { name: t('location:add.save') }).click();
    await panel.waitFor({ state: 'detached' });

    await open('Jamu');
    await ask('Newtown', t('location:move.open'));
    const move = page.getByRole('dialog', { name: t('location:move.title', { name: 'Newtown' }) });
    await move.getByRole('combobox').fill('Lalk');
    await page.getByRole('option', { name: /^Lalk/ }).click();
    await picture(page, 'place-move');
    await checkAccess(page);
    await move.getByRole('button', { name: t('location:move.confirm'), exact: true }).click();
    await move.waitFor({ state: 'detached' });
    await open('Lalk');
    await item('Newtown').waitFor();
    await picture(page, 'places');

    // Where families live, nothing is closed.
    await ask('Rachla', t('location:close.open'));
    const close = page.getByRole('dialog', { name: starting('Close') });
    await close.getByRole('button', { name: t('location:close.confirm'), exact: true }).last().click();
    await close.getByRole('alert').waitFor();
    await picture(page, 'place-refused');
    await page.keyboard.press('Escape');
    await ask('Newtown', t('location:close.open'));
    await close.getByRole('button', { name: t('location:close.confirm'), exact: true }).last().click();
    await close.waitFor({ state: 'detached' });
    await main.getByRole('button', { name: t('location:past.show') }).click();
    await page.getByRole('searchbox', { name: t('location:search') }).fill('newtown');
    await page.waitForURL(/q=newtown/);
    await item('Newtown').waitFor();
    await checkAccess(page);
    await stop();
  },

  async 'a facility is found by its level, changed, and given a village'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI/facilities?level=H', as: clerk });
    await page.getByText(t('facility:count_other', { count: '3' })).waitFor();
    await page.getByRole('link', { name: t('facility:add.open') }).click();
    const panel = page.getByRole('dialog', { name: t('facility:add.title') });
    await panel.getByRole('button', { name: t('facility:add.save'), exact: true }).click();
    await panel.getByText(t('ui:form.missing')).first().waitFor();
    await panel.getByRole('textbox', { name: starting('Code') }).fill('LADIS001');
    await panel.getByRole('textbox', { name: starting('Name') }).fill('Lalk Dispensary');
    for (const [field, option] of [['Level', 'Dispensary'], ['Legal form', 'Government'], ['Care', 'Out-patient']]) {
      await panel.getByRole('combobox', { name: starting(field) }).click();
      await page.getByRole('option', { name: option, exact: true }).click();
    }
    await panel.getByRole('combobox', { name: starting('District') }).fill('Rapta');
    await page.getByRole('option', { name: /^Rapta/ }).click();
    await picture(page, 'facility-new');
    await checkAccess(page);
    await panel.getByRole('button', { name: t('facility:add.save'), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Lalk Dispensary' }).waitFor();

    await page.getByRole('button', { name: t('facility:villages.open') }).click();
    const villages = page.getByRole('dialog', { name: t('facility:villages.edit') });
    await villages.getByRole('combobox', { name: t('facility:villages.add') }).fill('Zuma');
    await page.getByRole('option', { name: /^Zuma/ }).click();
    await villages.getByRole('textbox', { name: /Zuma/ }).fill('40');
    await checkAccess(page);
    await villages.getByRole('button', { name: t('facility:villages.save'), exact: true }).click();
    await page.getByRole('main').getByText(t('facility:villages.share', { share: '40' })).waitFor();
    await stop();
  },

  async 'an item enters the catalogue and a price list, where it costs less'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI/catalogue/items', as: clerk });
    await page.getByRole('link', { name: t('medical:items.add') }).click();
    const panel = page.getByRole('dialog', { name: t('medical:items.add') });
    await panel.getByRole('textbox', { name: starting('Code') }).fill('0900');
    await panel.getByRole('textbox', { name: starting('Name') }).fill('Bed net');
    await panel.getByRole('textbox', { name: starting('Price') }).fill('4.50');
    for (const [field, option] of [['Type', 'Medical consumable'], ['Care', 'Both']]) {
      await panel.getByRole('combobox', { name: starting(field) }).click();
      await page.getByRole('option', { name: option, exact: true }).click();
    }
    await panel.getByRole('checkbox', { name: t('medical:patients.male'), exact: true }).click();
    await picture(page, 'item-new');
    await checkAccess(page);
    await panel.getByRole('button', { name: t('medical:add.save'), exact: true }).click();
    await panel.waitFor({ state: 'detached' });

    await page.goto(`/IMI/price-lists/items/${await first(page, '/api/medical/items-pricelists/?search=Rapta')}`);
    await page.getByRole('link', { name: t('medical:items.addTo') }).click();
    const add = page.getByRole('dialog', { name: t('medical:items.addTo') });
    await add.getByRole('searchbox').fill('bed');
    await add.getByRole('checkbox', { name: /Bed net/ }).check();
    await add.getByRole('searchbox').fill('amoxicillin');
    await add.getByText(t('medical:lines.there')).first().waitFor();
    await picture(page, 'pricelist-add');
    await checkAccess(page);
    await add.getByRole('button', { name: t('medical:lines.add_one', { count: '1' }), exact: true }).click();
    await page.getByText(t('medical:items.count_other', { count: '17' })).waitFor();
    await page.getByRole('button', { name: starting('Bed net') }).click();
    const price = page.getByRole('dialog', { name: t('medical:lines.priceTitle') });
    await price.getByRole('textbox').fill('3.75');
    await price.getByRole('button', { name: t('ui:form.save'), exact: true }).click();
    await page.getByRole('button', { name: t('medical:lines.own') }).click();
    await page.getByRole('button', { name: /Bed net, 3\.75/ }).waitFor();
    await page.getByRole('checkbox', { name: t('ui:list.select', { name: 'Bed net' }) }).check();
    await picture(page, 'pricelist-own');
    await checkAccess(page);
    await page.getByRole('button', { name: t('medical:lines.remove') }).click();
    await page.getByText(t('ui:list.noMatch')).waitFor();
    await stop();
  },

  async 'a bundle is filled and costs what is in it, is never part of itself, and its history tells'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/IMI/catalogue/services', as: clerk, expect: /400/ });
    await page.goto(`/IMI/catalogue/services/${await first(page, '/api/medical/services/?code=A4')}`);
    const panel = page.getByRole('dialog', { name: t('medical:services.edit') });
    const section = panel.getByRole('region', { name: t('medical:bundle.title') });
    const add = async (typed, option) => {
      await section.getByRole('combobox', { name: t('medical:bundle.add') }).fill(typed);
      await page.getByRole('option', { name: option }).click();
    };
    const save = () => panel.getByRole('button', { name: t('ui:form.save'), exact: true }).click();
    const open = async (code) => {
      await page.getByRole('link', { name: code, exact: true }).click();
      await panel.waitFor();
    };
    await panel.getByRole('combobox', { name: 'Kind of bundle' }).click();
    await page.getByRole('option', { name: 'Fee-for-service bundle' }).click();
    await section.getByText(t('medical:bundle.none')).waitFor();
    await add('full blood', /Full blood count/);
    // What was added is ready for its quantity.
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('2');
    await add('paracet', /Paracetamol 500/);
    await section.getByRole('textbox', { name: t('medical:bundle.priceOf', { name: 'Full blood count' }) }).fill('-4');
    await save();
    const summary = panel.getByRole('alert');
    await summary.getByRole('link', { name: starting(t('medical:bundle.priceOf', { name: 'Full blood count' })) }).click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('4.00');
    await summary.waitFor({ state: 'detached' });
    await picture(page, 'bundle');
    await checkAccess(page);
    await section.getByRole('button', { name: t('medical:bundle.take') }).click();
    await save();
    await panel.waitFor({ state: 'detached' });

    // Whoever puts a bundle into what it holds is told at the row.
    await open('B2');
    await panel.getByRole('combobox', { name: 'Kind of bundle' }).click();
    await page.getByRole('option', { name: 'Flat-fee bundle' }).click();
    await add('A4', /^A4/);
    await save();
    await section.getByText(/cannot be part of itself/).waitFor();
    await panel.getByRole('button', { name: t('ui:cancel') }).click();
    await page.getByRole('button', { name: t('ui:leave.leave') }).click();
    await panel.waitFor({ state: 'detached' });

    await open('A4');
    await section.getByRole('button', { name: starting('Remove Paracetamol') }).click();
    await section.getByRole('combobox', { name: t('medical:bundle.add') }).and(page.locator(':focus')).waitFor();
    await save();
    await panel.waitFor({ state: 'detached' });
    await open('A4');
    await panel.getByText(/took “\u2068?Paracetamol/).waitFor();
    await stop();
  },

  async 'a facility, a price list and the tree of places in every look'({ browser, url }) {
    const start = '/IMI/settings/profile';
    await checkEveryLook(browser, { url, as: clerk, start, path: async (page) => `/IMI/facilities/${await first(page, '/api/facility/health-facilities/?search=RAHOS001')}`, name: 'facility' });
    await checkEveryLook(browser, { url, as: clerk, start, path: async (page) => `/IMI/price-lists/services/${await first(page, '/api/medical/services-pricelists/?search=hospitals')}`, name: 'pricelist' });
    await checkEveryLook(browser, { url, as: clerk, path: '/IMI/places', name: 'places-tree' });
  },
};
