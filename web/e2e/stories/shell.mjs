import assert from 'node:assert/strict';
import { checkAccess, openPage, picture } from '../browser.mjs';

const planner = 'pme@almoner.example';

export default {
  async 'the language changes direction without a reload and is kept'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/settings/profile', as: planner });
    await page.evaluate(() => (window.sameDocument = true));
    await page.getByLabel(/^Language of/).selectOption('ar');
    await page.getByRole('heading', { level: 1, name: 'الملف والإعدادات' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
    assert.equal(await page.evaluate(() => window.sameDocument), true);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'الملف والإعدادات' }).waitFor();
    await page.locator('select').last().selectOption('en');
    await page.getByRole('heading', { level: 1, name: 'Profile and settings' }).waitFor();
    await stop();
  },

  async 'the workspace is in the path, and switching keeps the section'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    await page.getByRole('button', { name: /Switch workspace/ }).click();
    await page.getByPlaceholder('Find a workspace').fill('leb');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/LBN`);
    await page.getByRole('button', { name: 'Switch workspace, now Lebanon' }).waitFor();
    await stop();
  },

  async 'a workspace of others is refused with a way out'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/XYZ/visits', as: planner, expect: /403|NoAccess/ });
    await page.getByRole('heading', { level: 1, name: 'You have no part in XYZ' }).waitFor();
    await page.getByRole('link', { name: 'Switch to Kenya' }).click();
    await page.waitForURL(`${url}/KEN`);
    await stop();
  },

  async 'an address that leads nowhere says so inside the shell'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/nowhere/at/all', as: planner });
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    await page.getByRole('navigation', { name: 'Main menu' }).first().waitFor();
    await stop();
  },

  async 'dark and high contrast are chosen in the menu and kept'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    await page.getByRole('button', { name: /profile and settings/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    // A menu floats outside the landmarks, and the component library puts an empty element that takes the first focus into it.
    await checkAccess(page, ['region', 'aria-required-children']);
    await page.getByRole('menuitemcheckbox', { name: 'High contrast' }).click();
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.deepEqual(
      await page.evaluate(() => [document.documentElement.dataset.mantineColorScheme, document.documentElement.dataset.contrast]),
      ['dark', 'more'],
    );
    await picture(page, 'home-dark-contrast');
    await stop();
  },

  async 'the keyboard reaches the content past the menu'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    await stop();
  },
};
