// Runs the stories in stories/ against the real binary in a real browser: npm run e2e [-- WORD…]
//   WORD         only stories whose name has one of the words
//   SHOTS=DIR    keep pictures there
//   LANES=N      so many worlds at a time, each with a server and a browser of its own; 2 unless told
//   ALMONER_URL  use a running server, in one lane, instead of starting one
import { readdir, stat } from 'node:fs/promises';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

// A story that waits for what never comes must not hold up the others: its pages are closed under it.
const deadline = 180_000;

const words = process.argv.slice(2);
const folder = new URL('stories/', import.meta.url);
const files = [];
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.mjs'))) {
  const at = new URL(file, folder);
  const { default: told } = await import(at.href);
  const stories = Object.entries(told)
    .map(([name, run]) => ({ name: `${file.replace('.mjs', '')}: ${name}`, run }))
    .filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  // A story that looks at screens is short to write and not to tell.
  if (stories.length > 0) files.push({ stories, length: (await stat(at)).size + 1500 * stories.length });
}
// The stories of a file are told one after another in one world. The long files begin, so that the lanes end together.
files.sort((a, b) => b.length - a.length);

const lanes = process.env.ALMONER_URL ? 1 : Number(process.env.LANES ?? 2);
const count = { passed: 0, failed: 0 };
await Promise.all(Array.from({ length: Math.min(lanes, files.length) }, lane));
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;

async function lane() {
  const server = await startServer();
  const browser = await startBrowser();
  try {
    for (let file = files.shift(); file !== undefined; file = files.shift()) {
      for (const { name, run } of file.stories) await tell(name, run, browser, server.url);
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function tell(name, run, browser, url) {
  const start = performance.now();
  try {
    await inTime(run({ browser, url }));
    count.passed++;
    console.log(`ok   ${name} (${Math.round(performance.now() - start)} ms)`);
  } catch (error) {
    count.failed++;
    await Promise.all(browser.contexts().map((context) => context.close()));
    console.log(`FAIL ${name}\n${String(error?.stack ?? error).replace(/^/gm, '     ')}`);
  }
}

async function inTime(told) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not told within ${deadline / 1000} s`)), deadline);
  });
  try {
    await Promise.race([told, late]);
  } finally {
    clearTimeout(timer);
    // Its end, which comes when its pages are closed, is of no interest any more.
    told.catch(() => {});
  }
}
