import { Component, type ErrorInfo, lazy, type ReactNode, Suspense } from 'react';
import { problemOf } from '../bridge/refusal.ts';
import { Home } from '../home/home.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { pathParts, pathQuery, usePath } from './route.ts';
import { Screen } from './screen.tsx';
import { useAfterPaint } from './use-after-paint.ts';

// Home opens at once; the rest is loaded when it is gone to, or before, when nothing else is to be done.
const chunks = {
  wizard: async () => ({ default: (await import('../wizard/wizard.tsx')).Wizard }),
  run: async () => ({ default: (await import('../run/run-screen.tsx')).RunScreen }),
  history: async () => ({ default: (await import('../history/history-screen.tsx')).HistoryScreen }),
  results: async () => ({ default: (await import('../results/results-screen.tsx')).ResultsScreen }),
  export: async () => ({ default: (await import('../export/export-screen.tsx')).ExportScreen }),
  compare: async () => ({ default: (await import('../compare/compare-screen.tsx')).CompareScreen }),
  experiments: async () => ({
    default: (await import('../experiments/experiments-screen.tsx')).ExperimentsScreen,
  }),
  experiment: async () => ({
    default: (await import('../experiments/experiment-screen.tsx')).ExperimentScreen,
  }),
  models: async () => ({ default: (await import('../models/models-screen.tsx')).ModelsScreen }),
  settings: async () => ({ default: (await import('../settings/settings-screen.tsx')).SettingsScreen }),
  audit: async () => ({ default: (await import('../audit/audit-screen.tsx')).AuditScreen }),
  about: async () => ({ default: (await import('../about/about-screen.tsx')).AboutScreen }),
};
const Wizard = lazy(chunks.wizard);
const RunScreen = lazy(chunks.run);
const ResultsScreen = lazy(chunks.results);
const ExportScreen = lazy(chunks.export);
const HistoryScreen = lazy(chunks.history);
const CompareScreen = lazy(chunks.compare);
const ExperimentsScreen = lazy(chunks.experiments);
const ExperimentScreen = lazy(chunks.experiment);
const ModelsScreen = lazy(chunks.models);
const SettingsScreen = lazy(chunks.settings);
const AuditScreen = lazy(chunks.audit);
const AboutScreen = lazy(chunks.about);

/** Loads the other screens one after the other while the window has nothing to do. */
export function loadOtherScreens(): void {
  const [...rest] = Object.values(chunks);
  const loadNext = () => {
    // What cannot be loaded now is asked for again when somebody goes there, and says then what is wrong.
    void rest
      .shift()?.()
      .catch(() => {})
      .then(() => requestIdleCallback(loadNext));
  };
  requestIdleCallback(loadNext);
}

/** The screen that the address names. The navigation shows at once where a click leads; the screen follows. */
export function Outlet() {
  const path = useAfterPaint(usePath());
  return (
    <ScreenBoundary key={pathParts(path).join('/')}>
      <Suspense fallback={null}>{screenOf(path)}</Suspense>
    </ScreenBoundary>
  );
}

function screenOf(path: string): ReactNode {
  const [first, second, third] = pathParts(path);
  const id = Number(second);
  if (first === undefined) return <Home />;
  if (first === 'new') return <Wizard step={second ?? 'model'} />;
  if (first === 'runs' && second === undefined) return <HistoryScreen />;
  if (first === 'runs' && second === 'compare')
    return <CompareScreen runIds={idsOf(pathQuery(path, 'ids'))} />;
  if (first === 'runs' && Number.isSafeInteger(id)) {
    if (third === 'results') return <ResultsScreen runId={id} />;
    if (third === 'export') return <ExportScreen runId={id} />;
    return <RunScreen runId={id} />;
  }
  if (first === 'experiments' && second !== undefined && Number.isSafeInteger(id))
    return <ExperimentScreen experimentId={id} />;
  if (first === 'experiments') return <ExperimentsScreen />;
  if (first === 'models') return <ModelsScreen />;
  if (first === 'settings') return <SettingsScreen />;
  if (first === 'audit') return <AuditScreen />;
  if (first === 'about') return <AboutScreen />;
  return <Home />;
}

const idsOf = (list: string | null): number[] =>
  (list ?? '').split(',').map(Number).filter(Number.isSafeInteger);

/** Where a screen breaks, the window and its navigation stay. */
class ScreenBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo) {
    console.error(error, componentStack);
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Screen title="This screen cannot be shown">
        <ProblemAlert problem={problemOf(this.state.error)} />
      </Screen>
    );
  }
}
