/** Wiring of the page: styles, providers, router. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { buildQueryClient } from './app/query-client.ts';
import { buildRouter } from './app/router.tsx';
import './styles/main.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const queryClient = buildQueryClient();
createRoot(root).render(
  <StrictMode>
    <App queryClient={queryClient} router={buildRouter()} />
  </StrictMode>,
);
