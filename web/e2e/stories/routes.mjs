// Every route in every look: no rule of WCAG 2.2 AA broken, nothing to scroll sideways, also at 320 px.
import { checkAccess, checkWidth, looks, openPage, picture } from '../browser.mjs';

/** Routes that are checked; a module that brings screens adds them here. */
const routes = [
  { path: '/login' },
  { path: '/KEN', as: 'pme@almoner.example' },
  { path: '/KEN/settings/profile', as: 'pme@almoner.example' },
  { path: '/KEN/firms', as: 'pme@almoner.example' },
  { path: '/KEN/nowhere', as: 'pme@almoner.example' },
];

const stories = {};
for (const { path, as } of routes) {
  for (const look of /** @type {(keyof typeof looks)[]} */ (Object.keys(looks))) {
    stories[`${path} in ${look}`] = async ({ browser, url }) => {
      const { page, stop } = await openPage(browser, { url, path, as, look });
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForLoadState('networkidle');
      await picture(page, `route${path.replaceAll('/', '-')}-${look}`);
      await checkAccess(page);
      await checkWidth(page);
      if (look === 'phone') {
        await page.setViewportSize({ width: 320, height: 640 });
        await checkWidth(page);
      }
      await stop();
    };
  }
}

export default stories;
