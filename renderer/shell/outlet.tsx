import { Component, type ErrorInfo, lazy, type ReactNode, Suspense } from 'react';
import { problemOf } from '../bridge/refusal.ts';
import { Home } from '../home/home.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { pathParts, pathQuery, usePath } from './route.ts';
import { Screen } from './screen.tsx';

// Home opens at once; the rest is loaded when it is gone to.
const Wizard = lazy(async () => ({ default: (await import('../wizard/wizard.tsx')).Wizard }));
const RunScreen = lazy(async () => ({ default: (await import('../run/run-screen.tsx')).RunScreen }));
const ResultsScreen = lazy(async () => ({
  default: (await import('../results/results-screen.tsx')).ResultsScreen,
}));
const ExportScreen = lazy(async () => ({
  default: (await import('../export/export-screen.tsx')).ExportScreen,
}));
const HistoryScreen = lazy(async () => ({
  default: (await import('../history/history-screen.tsx')).HistoryScreen,
}));
const CompareScreen = lazy(async () => ({
  default: (await import('../compare/compare-screen.tsx')).CompareScreen,
}));
const ModelsScreen = lazy(async () => ({
  default: (await import('../models/models-screen.tsx')).ModelsScreen,
}));
const SettingsScreen = lazy(async () => ({
  default: (await import('../settings/settings-screen.tsx')).SettingsScreen,
}));
const AuditScreen = lazy(async () => ({ default: (await import('../audit/audit-screen.tsx')).AuditScreen }));
const AboutScreen = lazy(async () => ({ default: (await import('../about/about-screen.tsx')).AboutScreen }));

/** The screen that the address names. */
export function Outlet() {
  const path = usePath();
  return (
    <ScreenBoundary key={pathParts(path).join('/')}>
      <Suspense fallback={null}>{screenOf(path)}</Suspense>
    </ScreenBoundary>
  );
}

function screenOf(path: string): ReactNode {
  const [first, second, third] = pathParts(path);
  const runId = Number(second);
  if (first === undefined) return <Home />;
  if (first === 'new') return <Wizard step={second ?? 'model'} />;
  if (first === 'runs' && second === undefined) return <HistoryScreen />;
  if (first === 'runs' && second === 'compare')
    return <CompareScreen runIds={idsOf(pathQuery(path, 'ids'))} />;
  if (first === 'runs' && Number.isSafeInteger(runId)) {
    if (third === 'results') return <ResultsScreen runId={runId} />;
    if (third === 'export') return <ExportScreen runId={runId} />;
    return <RunScreen runId={runId} />;
  }
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
