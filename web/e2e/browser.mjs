// Pages as people have them: a person, a language, a colour scheme, a size of screen.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The looks that every route is checked in. */
export const looks = {
  light: {},
  dark: { colorScheme: 'dark' },
  arabic: { locale: 'ar' },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
  arabicPhone: { viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'ar' },
};

/** Starts the browser that scripts/chromium.sh finds: the one that CHROMIUM names, else one that never shows a window, else any. */
export function startBrowser() {
  const found = execFileSync(new URL('../../scripts/chromium.sh', import.meta.url).pathname, ['find'], { encoding: 'utf8' });
  return chromium.launch({
    executablePath: found.trim(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Pages of all people are drawn by one process: a new one for each compiles the same scripts anew, which is an eighth of what a story takes.
      '--renderer-process-limit=1',
    ],
  });
}

/**
 * Opens a page. Trouble in the page's console is collected, and told by `stop` unless the story expected it.
 * @param {import('playwright-core').Browser} browser
 * @param {{ url: string, path?: string, as?: string, look?: keyof typeof looks, expect?: RegExp }} wish
 */
export async function openPage(browser, { url, path = '/', as, look = 'light', expect }) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, locale: 'en', reducedMotion: 'reduce', ...looks[look] });
  context.setDefaultTimeout(10_000);
  if (as !== undefined) await signIn(context, url, as, looks[look].locale ?? 'en');
  const page = await context.newPage();
  watch(page);
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(path);
  return {
    page,
    context,
    async stop() {
      await context.close();
      const unexpected = troubles.filter((text) => !expect?.test(text));
      if (unexpected.length > 0) throw new Error(`the page complained:\n${unexpected.join('\n')}`);
    },
  };
}

/** What the browser keeps of each person who signed in to a server: signing in takes it a while, on purpose. */
const signedIn = new Map();

/** Signs in by the API, as the sign-in page does, and sets the person's language. A session that still holds is used again. */
export async function signIn(context, url, email, language) {
  const known = `${email} ${url}`;
  if (signedIn.has(known)) {
    await context.addCookies(signedIn.get(known));
    if (await setLanguage(context, language)) return;
  }
  await context.request.get('/api/auth/session/');
  const answer = await context.request.post('/api/auth/login/', { data: { email, password: 'almoner-demo' }, headers: await token(context) });
  if (!answer.ok()) throw new Error(`${email} cannot sign in: ${answer.status()} ${await answer.text()}`);
  signedIn.set(known, await context.cookies());
  if (!(await setLanguage(context, language))) throw new Error(`the language of ${email} cannot be set`);
}

async function setLanguage(context, language) {
  const saved = await context.request.patch('/api/v3/users/profile/', { data: { preferences: { language } }, headers: await token(context) });
  return saved.ok();
}

/** The header that shows that a request comes from the browser's own page. */
export async function token(context) {
  const cookie = (await context.cookies()).find(({ name }) => name === 'almoner_csrf');
  return cookie ? { 'X-CSRF-Token': decodeURIComponent(cookie.value) } : {};
}

/** The rules that look at colours. One of them takes three quarters of the time of all. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/**
 * Fails with every rule of WCAG 2.2 AA, and of good practice, that the page breaks. Colours do not depend on the language: where pages are read from the
 * right, they are not looked at again, so a screen is shown in another language, too.
 * @param {import('playwright-core').Page} page
 * @param {string[]} except rules that do not fit what is on the page just then
 * @param {string[] | undefined} only nothing but these rules, where the others were tried on the same page
 */
export async function checkAccess(page, except = [], only) {
  const [there, direction] = await page.evaluate(() => ['axe' in window, document.documentElement.dir]);
  if (!there) await page.evaluate(axeSource);
  const off = direction === 'rtl' ? [...except, ...colourRules] : except;
  const found = await page.evaluate(async ([skip, just]) => {
    const rules = just ? {} : Object.fromEntries(skip.map((rule) => [rule, { enabled: false }]));
    const runOnly = just ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await window.axe.run(document, { rules, resultTypes: ['violations'], runOnly, preload: false });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join('\n    ')}`);
  }, [off, only]);
  if (found.length > 0) throw new Error(`not accessible:\n  ${found.join('\n  ')}`);
}

/** Fails when the page can be scrolled sideways, and names what stands out. */
export async function checkWidth(page) {
  const [over, what] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const out = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < -1 || right > clientWidth + 1);
    });
    const names = out.map((element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} “${element.textContent.slice(0, 40)}”`);
    return [scrollWidth - clientWidth, names.slice(0, 12).join('\n  ')];
  });
  if (over > 0) throw new Error(`the page is ${over} px wider than the screen:\n  ${what}`);
}

/**
 * Checks a screen in every look: no rule of WCAG 2.2 AA broken, nothing to scroll sideways, also at 320 px. Each language is loaded once; colours and
 * size change under the page, as they do for people who turn a tablet.
 * @param {import('playwright-core').Browser} browser
 * @param {{ url: string, as?: string, path: string | ((page: import('playwright-core').Page) => Promise<string>), name: string, start?: string }} screen `start` is where a page waits that finds its path out
 */
export async function checkEveryLook(browser, { url, as, path, name, start = '/KEN/settings/profile' }) {
  for (const look of /** @type {const} */ (['light', 'arabic'])) {
    const { page, stop } = await openPage(browser, { url, path: typeof path === 'string' ? path : start, as, look });
    if (typeof path !== 'string') await page.goto(await path(page));
    await checkLook(page, `${name}-${look}`);
    if (look === 'light' && process.env.SHOTS) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await checkLook(page, `${name}-dark`, []);
      await page.emulateMedia({ colorScheme: 'light' });
    }
    await page.setViewportSize(looks.phone.viewport);
    if (look === 'light') {
      if (process.env.SHOTS) await checkLook(page, `${name}-phone`, []);
      // Colours are looked at where they differ: by day on the wide screen, above, and in the dark on the phone.
      await page.emulateMedia({ colorScheme: 'dark' });
      await checkLook(page, `${name}-darkPhone`);
      await page.emulateMedia({ colorScheme: 'light' });
    } else {
      // What differs on an Arabic phone is where things stand: the rules were tried on the phone, and in Arabic.
      await checkLook(page, `${name}-arabicPhone`, []);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await checkWidth(page);
    await stop();
  }
}

/** Checks the page as it is now: by all rules, by those named, or, with an empty list, by none of them. */
async function checkLook(page, name, only) {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await settled(page);
  await picture(page, name);
  if (only?.length !== 0) await checkAccess(page, [], only);
  await checkWidth(page);
}

/** What each page has asked for and not received yet. */
const underWay = new WeakMap();

function watch(page) {
  const requests = new Set();
  underWay.set(page, requests);
  page.on('request', (request) => requests.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => requests.delete(request));
}

/**
 * Waits until a page rests: nothing is asked for, what came is drawn, colours and panels have arrived where they were going. Playwright's "networkidle" waits half a
 * second more, each time.
 * @param {import('playwright-core').Page} page one that openPage opened
 */
export async function settled(page) {
  const requests = underWay.get(page);
  do {
    while (requests.size > 0) await Promise.race([page.waitForEvent('requestfinished'), page.waitForEvent('requestfailed')]);
    await page.evaluate(async () => {
      // What has come is worked on first, and may ask for more.
      for (let i = 0; i < 2; i++) await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 500 }));
      const moving = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
      await Promise.allSettled(moving.map((one) => one.finished));
    });
    await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  } while (requests.size > 0);
}

/** Keeps a picture in the folder that SHOTS names; does nothing without it. */
export async function picture(page, name) {
  if (!process.env.SHOTS) return;
  await mkdir(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
}
