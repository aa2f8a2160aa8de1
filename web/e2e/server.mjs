// The real binary with a demo world of its own, on a free port, with data that is thrown away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = new URL('../../bin/almoner', import.meta.url).pathname;

/**
 * Starts bin/almoner, or uses the server that ALMONER_URL names.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startServer() {
  if (process.env.ALMONER_URL) return { url: process.env.ALMONER_URL, stop: async () => {} };
  const data = await mkdtemp(join(tmpdir(), 'almoner-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(binary, ['serve', '--demo', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said = (said + text).slice(-4000)));
  const gone = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
    await rm(data, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      ready(url),
      once(child, 'error').then(([error]) => Promise.reject(error)),
      gone.then(() => Promise.reject(new Error('the server ended while starting'))),
    ]);
  } catch (error) {
    if (child.exitCode === null && child.pid !== undefined) await stop();
    throw new Error(`${binary} did not start:\n${said}`, { cause: error });
  }
  return { url, stop };
}

async function ready(url) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('not ready within a minute');
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}
