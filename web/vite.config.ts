import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

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
