import '@fontsource-variable/inter/wght.css';
import './theme/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { followEvents } from './bridge/follow-events.ts';
import { queryClient } from './bridge/query-client.ts';
import { App } from './shell/app.tsx';

// Zod would otherwise try whether it may compile code, which the page's policy reports as a violation.
z.config({ jitless: true });
followEvents(queryClient);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
