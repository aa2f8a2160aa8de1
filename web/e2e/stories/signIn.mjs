import assert from 'node:assert/strict';
import { openPage, picture } from '../browser.mjs';

export default {
  async 'a demo person steps in with one click and lands where the link led'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/settings/profile' });
    await page.waitForURL(/\/login\?next=/);
    await picture(page, 'sign-in');
    await page.getByRole('button', { name: /Planner|planner/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Profile and settings' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/KEN/settings/profile');
    await stop();
  },

  async 'a wrong password is said, and nothing else'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/login', expect: /401/ });
    await page.getByLabel('E-mail').fill('pme@almoner.example');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText('E-mail or password is not right').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    await stop();
  },

  async 'a link to elsewhere is not followed after signing in'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/login?next=https://example.org/LBN' });
    await page.getByLabel('E-mail').fill('pme@almoner.example');
    await page.getByLabel('Password', { exact: true }).fill('almoner-demo');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${url}/KEN`);
    await stop();
  },

  async 'an ended session asks for the password over the page, which stays'({ browser, url }) {
    const { page, context, stop } = await openPage(browser, { url, path: '/KEN/settings/profile', as: 'pme@almoner.example', expect: /40[13]/ });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await context.clearCookies();
    await page.getByLabel(/^Language of/).selectOption('fr');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Votre session a expiré', { exact: false }).waitFor();
    await picture(page, 'session-ended');
    assert.equal(await dialog.getByLabel('E-mail').inputValue(), 'pme@almoner.example');
    await dialog.getByLabel('Mot de passe', { exact: true }).fill('almoner-demo');
    await dialog.getByRole('button', { name: 'Se connecter' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(new URL(page.url()).pathname, '/KEN/settings/profile');
    await stop();
  },

  async 'signing out forgets, Back shows nothing'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: 'pme@almoner.example' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goto('/KEN/settings/profile');
    await page.getByRole('button', { name: /profile and settings/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/login/);
    await page.goBack();
    // The page before asks who is there, and leads back here.
    await page.waitForURL(/\/login\?next=/);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    assert.equal(await page.getByText('Profile and settings').count(), 0);
    await stop();
  },
};
