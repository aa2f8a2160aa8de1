// Runs the stories in stories/ against the real binary in a real browser: npm run e2e [-- WORD…]
//   WORD         only stories whose name has one of the words
//   SHOTS=DIR    keep pictures there
//   ALMONER_URL  use a running server instead of starting one
import { readdir } from 'node:fs/promises';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const words = process.argv.slice(2);
const folder = new URL('stories/', import.meta.url);
const stories = [];
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort()) {
  const { default: told } = await import(new URL(file, folder).href);
  for (const [name, run] of Object.entries(told)) stories.push({ name: `${file.replace('.mjs', '')}: ${name}`, run });
}
const chosen = stories.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

// A story that waits for what never comes must not hold up the others: its pages are closed under it.
const deadline = 90_000;

const server = await startServer();
const browser = await startBrowser();
let failed = 0;
try {
  for (const { name, run } of chosen) {
    const start = performance.now();
    try {
      await inTime(run({ browser, url: server.url }));
      console.log(`ok   ${name} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      failed++;
      await Promise.all(browser.contexts().map((context) => context.close()));
      console.log(`FAIL ${name}\n${String(error?.stack ?? error).replace(/^/gm, '     ')}`);
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;

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
