// Every route in every look: no rule of WCAG 2.2 AA broken, nothing to scroll sideways, also at 320 px.
import { checkEveryLook } from '../browser.mjs';

/** Routes that are checked; a module that brings screens adds them here. */
const routes = [
  { path: '/login' },
  { path: '/KEN/settings/profile', as: 'pme@almoner.example' },
  { path: '/KEN/firms', as: 'pme@almoner.example' },
  { path: '/KEN/nowhere', as: 'pme@almoner.example' },
];

export default Object.fromEntries(
  routes.map(({ path, as }) => [`${path} in every look`, ({ browser, url }) => checkEveryLook(browser, { url, as, path, name: `route${path.replaceAll('/', '-')}` })]),
);
