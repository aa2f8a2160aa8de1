import './theme/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import './ui/tones.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { appTexts } from './app/appTexts';
import { makeQueryClient } from './app/queryClient';
import { makeRouter } from './app/router';
import { addTexts, startTexts } from './i18n/i18n';
import { modules } from './modules';
import { applyAppearance } from './theme/appearance';
import { uiTexts } from './ui/uiTexts';

async function start(root: HTMLElement) {
  applyAppearance();
  addTexts('app', appTexts);
  addTexts('ui', uiTexts);
  for (const module of modules) addTexts(module.name, module.texts);
  await startTexts();
  const queryClient = makeQueryClient();
  const router = makeRouter(queryClient, modules);
  createRoot(root).render(<App queryClient={queryClient} router={router} modules={modules} />);
}

// A page that the browser kept whole may show what somebody else saw before signing out.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});

const root = document.getElementById('root');
if (root) void start(root);
