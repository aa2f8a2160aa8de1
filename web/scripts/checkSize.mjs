// Fails when the script a browser needs before anything shows is larger, gzipped, than a slow line bears.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limit = 250_000;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

const seen = new Set();
const queue = Object.values(manifest).filter((chunk) => chunk.isEntry);
let script = 0;
let style = 0;
while (queue.length > 0) {
  const chunk = queue.pop();
  if (seen.has(chunk.file)) continue;
  seen.add(chunk.file);
  script += zipped(chunk.file);
  for (const file of chunk.css ?? []) style += zipped(file);
  queue.push(...(chunk.imports ?? []).map((name) => manifest[name]));
}

console.log(`first script ${kilo(script)} of ${kilo(limit)}, style ${kilo(style)}, gzipped`);
if (script === 0) throw new Error('the manifest names no entry: is vite.config.ts without build.manifest?');
if (script > limit) {
  console.error('The first script is too large: load what the first page does not need with import().');
  process.exitCode = 1;
}

function zipped(file) {
  return gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
}

function kilo(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
