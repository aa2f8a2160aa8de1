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

const server = await startServer();
const browser = await startBrowser();
let failed = 0;
try {
  for (const { name, run } of chosen) {
    const start = performance.now();
    try {
      await run({ browser, url: server.url });
      console.log(`ok   ${name} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}\n${String(error?.stack ?? error).replace(/^/gm, '     ')}`);
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;
