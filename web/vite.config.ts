import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The name of a file for what a pattern found in a path, if it did. */
function named(begin: string, found: RegExpExecArray | null) {
  return found && `${begin}${found[1] ?? ''}`;
}

export default defineConfig({
  plugins: [react()],
  // The Go server answers the API; `npm run dev` only replaces the shell and the assets.
  server: {
    proxy: { '/api': process.env.ALMONER_URL ?? 'http://127.0.0.1:8080' },
  },
  build: {
    target: 'es2022',
    manifest: true,
    // public holds .keep too, so that it is back after the folder is emptied: the Go embed needs it on a fresh clone.
    emptyOutDir: true,
    // Every file is served by the content security policy's 'self'; data: addresses are for pictures only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // scripts/checkSize.mjs holds what is loaded first to its limit.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        // Left alone, each part that two pages share is a file, and a page asks for eighty: on a slow line the questions take longer than the answers. So there is what
        // is needed before anything shows, the texts of a language, what pages of several modules share, what pages of one module share, and each page.
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'], priority: 3 },
            { name: 'common', test: /[\\/](?:node_modules|src[\\/](?:api|i18n|kit|theme|ui))[\\/]/, minShareCount: 3, priority: 2 },
            { name: (id) => named('texts-', /[\\/]texts[\\/](\w+)\.json$/.exec(id)), priority: 4 },
            { name: (id) => named('', /[\\/]src[\\/]modules[\\/](\w+)[\\/]/.exec(id)), minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    testTimeout: 30_000,
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
    pool: 'threads',
    // A worker keeps its document and the libraries from file to file; setup.ts gives each a clean one. What is ours is loaded anew.
    isolate: false,
  },
});
