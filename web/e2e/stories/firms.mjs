import assert from 'node:assert/strict';
import { checkAccess, checkEveryLook, checkWidth, looks, openPage, picture } from '../browser.mjs';

const planner = 'pme@almoner.example';
const reader = 'officer@almoner.example';
const monitor = 'monitor@firm.example';

/** Addresses that no other run of the stories has used: what they add stays in the demo world. */
const unique = Date.now().toString(36);

async function openFirm(page, name) {
  await page.getByRole('link', { name: 'Firms', exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Firms' }).waitFor();
  await page.getByRole('row', { name }).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** The tab of documents of the firm on the page. */
async function openDocuments(page) {
  await page.getByRole('navigation', { name: 'Parts of the firm' }).getByRole('link', { name: /^Documents/ }).click();
  await page.waitForURL(/\/documents$/);
}

/** A picture with something to see in it, as a file to choose. */
async function drawn(page, name, colour) {
  const url = await page.evaluate((fill) => {
    const canvas = document.createElement('canvas');
    canvas.width = 1200;
    canvas.height = 800;
    const brush = canvas.getContext('2d');
    brush.fillStyle = fill;
    brush.fillRect(0, 0, 1200, 800);
    brush.fillStyle = '#ffffff';
    brush.fillRect(400, 300, 400, 500);
    return canvas.toDataURL('image/png');
  }, colour);
  return { name, mimeType: 'image/png', buffer: Buffer.from(url.split(',')[1], 'base64') };
}

const plain = (name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('Notes\n') });

async function addFiles(page, files) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Add files: Documents of the firm' }).click()]);
  await chooser.setFiles(files);
  for (const { name } of files) await page.getByRole('link', { name, exact: true }).waitFor();
}

async function deleteFile(page, name) {
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await page.getByRole('dialog', { name: `Delete ${name}?` }).getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
}

export default {
  async 'a planner adds documents of a firm, sorts them by kind, looks at them and deletes them'({ browser, url }) {
    const { page, context, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    await openFirm(page, 'Jicho Field Research');
    await openDocuments(page);
    await page.getByText('Up to 50 MB each', { exact: false }).waitFor();
    await addFiles(page, [await drawn(page, 'Office.png', '#0f6f6a'), plain('Notes.txt'), await drawn(page, 'Yard.png', '#bf7a14')]);
    await page.getByRole('link', { name: /^Documents\s*5$/ }).waitFor();
    await picture(page, 'firm-documents-added');
    await checkAccess(page);

    // What is too large is not even sent.
    const large = await page.evaluateHandle(() => {
      const held = new DataTransfer();
      held.items.add(new File([new Uint8Array(50_000_001)], 'Film.mp4'));
      return held;
    });
    await page.getByText('Up to 50 MB each', { exact: false }).dispatchEvent('drop', { dataTransfer: large });
    await page.getByText('no file may be larger than 50 MB', { exact: false }).waitFor();
    await picture(page, 'firm-documents-large');
    await page.getByRole('button', { name: 'Take Film.mp4 off the list' }).click();

    const kind = page.getByLabel('Type of Notes.txt');
    const [other] = await kind.locator('option').evaluateAll((options) => options.filter((one) => !one.selected).map((one) => one.value));
    await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok()), kind.selectOption(other)]);
    await page.reload();
    await page.getByRole('link', { name: 'Notes.txt' }).waitFor();
    assert.equal(await kind.inputValue(), other);

    // A plain click shows a picture, arrow keys lead to the others, Escape leads back to where it began.
    const office = page.getByRole('link', { name: 'Office.png' });
    await office.click();
    const preview = page.getByRole('dialog', { name: 'Office.png' });
    await preview.locator('img[data-there]').waitFor();
    await checkAccess(page);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Yard.png' }).locator('img[data-there]').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await preview.waitFor();
    const download = page.waitForEvent('download');
    await preview.getByRole('link', { name: 'Download' }).click();
    assert.equal((await download).suggestedFilename(), 'Office.png');
    await page.keyboard.press('Escape');
    await preview.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'Office.png');
    const [tab] = await Promise.all([context.waitForEvent('page'), office.click({ modifiers: ['Control'] })]);
    assert.equal(await preview.count(), 0);
    await tab.close();

    const here = page.url();
    for (const look of /** @type {(keyof typeof looks)[]} */ (Object.keys(looks))) {
      const other = await openPage(browser, { url, path: new URL(here).pathname, as: planner, look });
      await other.page.getByRole('link', { name: 'Office.png' }).click();
      await other.page.getByRole('dialog', { name: 'Office.png' }).locator('img[data-there]').waitFor();
      if (look.startsWith('arabic')) {
        await other.page.keyboard.press('ArrowLeft');
        await other.page.getByRole('dialog', { name: 'Yard.png' }).locator('img[data-there]').waitFor();
      }
      await picture(other.page, `preview-${look}`);
      await checkAccess(other.page);
      await checkWidth(other.page);
      await other.stop();
    }

    const again = await openPage(browser, { url, path: new URL(here).pathname, as: planner });
    for (const name of ['Office.png', 'Notes.txt', 'Yard.png']) await deleteFile(again.page, name);
    await again.page.getByRole('link', { name: /^Documents\s*2$/ }).waitFor();
    await again.stop();
    await stop();
  },

  async 'people of a firm read its documents and change none; those of others are not there'({ browser, url }) {
    const { page, context, stop } = await openPage(browser, { url, path: '/KEN', as: monitor, expect: /404|Not found/ });
    await page.getByRole('link', { name: 'My organisation' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Tathmini Associates' }).waitFor();
    // Not every browser shows PDF by itself, least of all one without a window; the screens only ask whether it does.
    await page.evaluate(() => Object.defineProperty(Navigator.prototype, 'pdfViewerEnabled', { get: () => true }));
    await openDocuments(page);
    await page.getByRole('link', { name: 'Terms of reference.pdf' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^(Add files|Delete)/ }).count(), 0);
    assert.equal(await page.getByRole('combobox', { name: /^Type of/ }).count(), 0);
    await picture(page, 'firm-own-documents');
    await checkAccess(page);
    await page.getByRole('link', { name: 'Terms of reference.pdf' }).click();
    const dialog = page.getByRole('dialog', { name: 'Terms of reference.pdf' });
    assert.match(await dialog.locator('iframe').getAttribute('src'), /inline=true/);
    assert.ok((await page.locator('iframe').boundingBox()).height > 400, 'the pages have room');
    await picture(page, 'preview-pdf');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const [, number] = /firms\/(\d+)/.exec(page.url());
    const answer = await context.request.get(`/api/tpm/partners/${Number(number) + 1}/attachments/`, { headers: { 'Almoner-Workspace': 'KEN' } });
    assert.equal(answer.status(), 404);
    await page.goto(`/KEN/firms/${Number(number) + 1}/documents`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await page.getByRole('link', { name: /\.pdf$/ }).count(), 0);
    await stop();
  },

  async 'a planner searches, filters and sorts firms, all of it in the address'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/firms', as: planner });
    await page.getByRole('row', { name: 'Tathmini Associates' }).waitFor();
    await page.getByLabel('Search by name or vendor number').fill('jicho');
    await page.waitForURL(/q=jicho/);
    await page.getByRole('row', { name: 'Tathmini Associates' }).waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('row').count(), 2);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByRole('button', { name: 'Blocked', exact: true }).click();
    await page.waitForURL(/blocked=yes/);
    await page.getByRole('row', { name: 'Savanna Insight' }).getByText('Blocked').waitFor();
    await page.getByRole('row', { name: 'Tathmini Associates' }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('row', { name: 'Savanna Insight' }).waitFor();
    assert.equal(await page.getByRole('row').count(), 2);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    assert.match((await download).suggestedFilename(), /^tpm_vendors_\d{4}-\d{2}-\d{2}\.csv$/);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page.waitForURL(/sort=name/);
    await page.getByLabel('Search by name or vendor number').fill('nobody at all');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await picture(page, 'firms-no-match');
    await page.getByRole('button', { name: 'Clear the search' }).last().click();
    await page.getByRole('row', { name: 'Tathmini Associates' }).waitFor();
    await stop();
  },

  async 'a blocked firm says what that means'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    await openFirm(page, 'Savanna Insight');
    await page.getByText('This firm is blocked').waitFor();
    await page.getByText('This firm is marked for deletion').waitFor();
    await picture(page, 'firm-blocked');
    await page.getByRole('navigation', { name: 'Parts of the firm' }).getByRole('link', { name: /Visits/ }).click();
    await page.getByRole('link', { name: 'Open in the list of visits' }).click();
    await page.waitForURL(/\/KEN\/visits\?firm=\d+/);
    await page.getByRole('heading', { level: 1, name: 'Visits' }).waitFor();
    await stop();
  },

  async 'a planner edits a firm; a slip is told on its field, and nobody is overwritten unseen'({ browser, url }) {
    const { page, context, stop } = await openPage(browser, { url, path: '/KEN', as: planner, expect: /400|409/ });
    await openFirm(page, 'Jicho Field Research');
    const id = new URL(page.url()).pathname.split('/')[3];
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Edit the firm' });
    const phone = panel.getByLabel(/^Phone/);
    const email = panel.getByLabel(/^E-mail/);
    await email.fill('no address');
    await email.blur();
    await panel.getByText('This is not an e-mail address').waitFor();
    await checkAccess(page);
    await picture(page, 'firm-edit');
    await email.fill('desk@rival.example');
    await phone.fill(`+254 57 ${unique}`);

    // Somebody else changes the same firm from another window.
    const cookie = (await context.cookies()).find(({ name }) => name === 'almoner_csrf');
    const other = await context.request.patch(`/api/tpm/partners/${id}/`, {
      data: { phone_number: '+254 57 555 0000' },
      headers: { 'Almoner-Workspace': 'KEN', 'X-CSRF-Token': decodeURIComponent(cookie.value) },
    });
    assert.ok(other.ok());
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Somebody else changed this firm meanwhile').waitFor();
    await panel.getByText('+254 57 555 0000').waitFor();
    await picture(page, 'firm-edit-conflict');
    await checkAccess(page);
    assert.equal(await phone.inputValue(), `+254 57 ${unique}`);
    await panel.getByRole('alert').getByRole('button').last().click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: `+254 57 ${unique}` }).waitFor();
    await stop();
  },

  async 'leaving a changed form asks first'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    await openFirm(page, 'Jicho Field Research');
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('dialog').getByLabel(/^Phone/).fill('1');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click();
    assert.equal(await page.getByRole('dialog').getByLabel(/^Phone/).inputValue(), '1');
    await stop();
  },

  async 'a planner hides a firm and finds it again'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    await openFirm(page, 'Savanna Insight');
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('dialog').getByRole('switch', { name: 'Hide this firm' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('This firm is hidden').waitFor();
    await page.getByRole('link', { name: 'Firms', exact: true }).first().click();
    await page.getByRole('row', { name: 'Tathmini Associates' }).waitFor();
    assert.equal(await page.getByRole('row', { name: 'Savanna Insight' }).count(), 0);
    await page.getByRole('button', { name: 'Hidden', exact: true }).click();
    await page.getByRole('row', { name: 'Savanna Insight' }).getByRole('link').click();

    // Adding it by its number shows it again.
    await page.getByRole('link', { name: 'Firms', exact: true }).first().click();
    await page.getByRole('link', { name: 'Add firm' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a firm' });
    await dialog.getByLabel(/^Vendor number/).fill('2500000303');
    await dialog.getByText('This firm is hidden').waitFor();
    await dialog.getByText('no visit can be started', { exact: false }).waitFor();
    await dialog.getByRole('button', { name: 'Add the firm' }).click();
    await page.getByRole('heading', { level: 1, name: 'Savanna Insight' }).waitFor();
    await page.getByText('This firm is hidden').waitFor({ state: 'detached' });
    await stop();
  },

  async 'a planner adds a firm by its vendor number'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN/firms', as: planner, expect: /404|503/ });
    await page.getByRole('link', { name: 'Add firm' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a firm' });
    const number = dialog.getByLabel(/^Vendor number/);
    await dialog.getByRole('button', { name: 'Find the firm' }).click();
    await dialog.getByText('Type the vendor number', { exact: true }).waitFor();
    await number.pressSequentially('25x00 000');
    assert.equal(await number.inputValue(), '2500000');
    await page.keyboard.press('Enter');
    await dialog.getByText('No firm with the vendor number 2500000').waitFor();
    await checkAccess(page);
    await picture(page, 'firm-add-unknown');

    // The finance system fails: that says nothing about the number.
    await page.route('**/partners/sync/2500000399/**', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{"detail":"no answer"}' }));
    await number.fill('2500000399');
    await dialog.getByText('The finance system does not answer').waitFor();
    await picture(page, 'firm-add-upstream');
    assert.equal(await number.getAttribute('aria-invalid'), null);

    await number.fill('2500000302');
    await dialog.getByText('This firm is in your list already.').waitFor();
    await dialog.getByRole('button', { name: 'Open the firm' }).waitFor();

    await number.fill('2500000304');
    await dialog.getByText('Cedar Monitoring Partners').waitFor();
    await checkAccess(page);
    await picture(page, 'firm-add-found');
    if ((await dialog.getByRole('button', { name: 'Add the firm' }).count()) > 0) {
      await dialog.getByLabel(/^Phone/).fill(`+961 8 ${unique}`);
      await dialog.getByRole('button', { name: 'Add the firm' }).click();
      await page.getByRole('heading', { level: 1, name: 'Cedar Monitoring Partners' }).waitFor();
      await page.getByRole('link', { name: `+961 8 ${unique}` }).waitFor();
    }
    await stop();
  },

  async 'a planner lets people in and ends it'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner, expect: /400/ });
    await openFirm(page, 'Tathmini Associates');
    await page.getByRole('navigation', { name: 'Parts of the firm' }).getByRole('link', { name: /People/ }).click();
    await page.getByRole('row', { name: 'Mary Wambui' }).waitFor();
    await picture(page, 'firm-people');

    await page.getByRole('link', { name: 'Add person' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a person' });
    await dialog.getByRole('button', { name: 'Add the person' }).click();
    await dialog.getByText('Type the e-mail address').waitFor();
    await dialog.getByLabel(/^E-mail/).fill('someone@unicef.org');
    await dialog.getByLabel(/^First name/).fill('Wanjiru');
    await dialog.getByLabel(/^Last name/).fill('Mwangi');
    await dialog.getByRole('button', { name: 'Add the person' }).click();
    await dialog.getByText('People of the agency get their access from the agency', { exact: false }).waitFor();
    await checkAccess(page);
    await picture(page, 'firm-invite');
    await dialog.getByLabel(/^E-mail/).fill(`wanjiru.${unique}@firm.example`);
    await dialog.getByRole('button', { name: 'Add the person' }).click();
    await page.getByText('Wanjiru Mwangi waits for a review').waitFor();
    await page.getByText(`wanjiru.${unique}@firm.example`).waitFor();
    await checkAccess(page);
    await picture(page, 'firm-people-waiting');

    await page.getByRole('button', { name: 'Deactivate Mary Wambui' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('row', { name: 'Mary Wambui' }).waitFor({ state: 'detached' });
    await page.getByText('Inactive', { exact: true }).first().click();
    await page.waitForURL(/show=inactive/);
    await page.getByRole('row', { name: 'Mary Wambui' }).waitFor();
    await picture(page, 'firm-people-inactive');
    await page.getByRole('button', { name: 'Reactivate Mary Wambui' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
    await page.getByRole('row', { name: 'Mary Wambui' }).waitFor({ state: 'detached' });

    // A known address has access at once.
    await page.goto(new URL(page.url()).pathname.concat('/new'));
    await dialog.getByLabel(/^E-mail/).fill('colleague@firm.example');
    await dialog.getByLabel(/^First name/).fill('Mary');
    await dialog.getByLabel(/^Last name/).fill('Wambui');
    await dialog.getByRole('button', { name: 'Add the person' }).click();
    await page.getByText('Mary Wambui can act for Tathmini Associates now').waitFor();
    await stop();
  },

  async 'many people get a search and pages, and reviewers decide about who waits'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner });
    // The demo world has no such firm and no such person: the answers are made here.
    const someone = (id) => ({
      id, pk: id, first_name: 'Person', last_name: String(id), full_name: `Person ${id}`, email: `person${id}@firm.example`, is_active: true, has_active_realm: true,
      profile: { job_title: 'Monitor', phone_number: '' }, receive_tpm_notifications: false, user: {},
    });
    const asked = [];
    await page.route('**/staff-members/?**', (route) => {
      const query = new URL(route.request().url()).searchParams;
      asked.push(query.get('search'));
      const first = query.get('page') === '2' ? 11 : 1;
      const results = query.get('search') ? [someone(7)] : Array.from({ length: first === 1 ? 10 : 2 }, (_, index) => someone(first + index));
      return route.fulfill({ json: { count: query.get('search') ? 1 : 12, next: null, previous: null, results } });
    });
    let waiting = [{ id: 5, first_name: 'Atieno', last_name: 'Were', email: 'atieno@firm.example', created: '2026-11-20T08:00:00Z', requester: { id: 999, name: 'Somebody Else' } }];
    await page.route('**/amp-permissions/**', (route) => route.fulfill({ json: { groups: [], can_add_user: false, can_review_user: true } }));
    await page.route('**/amp-staged/?**', (route) => route.fulfill({ json: { count: waiting.length, next: null, previous: null, results: waiting } }));
    await page.route('**/amp-staged/5/accept/', (route) => {
      waiting = [];
      return route.fulfill({ json: { id: 5, status: 'accepted' } });
    });
    await openFirm(page, 'Tathmini Associates');
    await page.getByRole('navigation', { name: 'Parts of the firm' }).getByRole('link', { name: /People/ }).click();
    await page.getByRole('row', { name: 'Person 10' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Add person' }).count(), 0);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('row', { name: 'Person 12' }).waitFor();
    await page.getByLabel('Name or e-mail').fill('person7');
    await page.waitForURL(/q=person7/);
    await page.getByRole('row', { name: 'Person 7' }).waitFor();
    assert.equal(asked.at(-1), 'person7');
    await page.getByRole('button', { name: 'Accept Atieno Were' }).click();
    await page.getByText('Atieno Were can act for Tathmini Associates now').waitFor();
    await page.getByText('waits for a review').waitFor({ state: 'detached' });
    await stop();
  },

  async 'a list that does not load says so, and can be tried again'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: planner, expect: /500/ });
    await page.route('**/api/tpm/partners/?**', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', headers: { 'X-Request-ID': 'told-1' }, body: '{"status":500}' }));
    await page.getByRole('link', { name: 'Firms', exact: true }).first().click();
    await page.getByRole('heading', { name: 'The list of firms did not load' }).waitFor();
    await page.getByText('told-1').waitFor();
    await checkAccess(page);
    await page.unroute('**/api/tpm/partners/?**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row', { name: 'Tathmini Associates' }).waitFor();
    await stop();
  },

  async 'people of a firm see their own organisation and change nothing'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: monitor });
    await page.getByRole('link', { name: 'My organisation' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Tathmini Associates' }).waitFor();
    assert.match(new URL(page.url()).pathname, /^\/KEN\/firms\/\d+$/);
    assert.equal(await page.getByRole('link', { name: 'Firms', exact: true }).count(), 0);
    assert.equal(await page.getByRole('link', { name: 'Edit', exact: true }).count(), 0);
    await picture(page, 'firm-own');
    await page.goto(new URL(page.url()).pathname.concat('/edit'));
    await page.waitForURL(/\/KEN\/firms\/\d+$/);
    await page.getByRole('navigation', { name: 'Parts of the firm' }).getByRole('link', { name: /People/ }).click();
    await page.getByRole('row', { name: 'Josephine Akinyi' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Add person' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: /Deactivate/ }).count(), 0);
    await stop();
  },

  async 'another firm is not there for people of a firm'({ browser, url }) {
    const { page, context, stop } = await openPage(browser, { url, path: '/KEN/firms', as: monitor, expect: /404|Not found/ });
    await page.getByRole('heading', { level: 1, name: 'Tathmini Associates' }).waitFor();
    const list = await context.request.get('/api/tpm/partners/', { headers: { 'Almoner-Workspace': 'KEN' } });
    const [own] = (await list.json()).results;
    await page.goto(`/KEN/firms/${own.id + 1}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await page.getByRole('heading', { level: 1, name: 'Jicho Field Research' }).count(), 0);
    await checkAccess(page);
    await stop();
  },

  async 'staff of the agency read firms and are offered nothing else'({ browser, url }) {
    const { page, stop } = await openPage(browser, { url, path: '/KEN', as: reader });
    await openFirm(page, 'Tathmini Associates');
    assert.equal(await page.getByRole('link', { name: 'Edit', exact: true }).count(), 0);
    await page.goto('/KEN/firms');
    await page.getByRole('row', { name: 'Tathmini Associates' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Add firm' }).count(), 0);
    await stop();
  },

  ...Object.fromEntries(
    ['', '/people', '/visits', '/documents', '/edit', '/people/new'].map((tab) => [
      `a firm in every look: ${tab || '/overview'}`,
      ({ browser, url }) =>
        checkEveryLook(browser, {
          url,
          as: planner,
          name: `firm${tab.replaceAll('/', '-')}`,
          path: async (page) => {
            const answer = await page.request.get('/api/tpm/partners/?search=2500000301', { headers: { 'Almoner-Workspace': 'KEN' } });
            return `/KEN/firms/${(await answer.json()).results[0].id}${tab}`;
          },
        }),
    ]),
  ),
};
