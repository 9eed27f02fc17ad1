import { useEffect, useRef } from 'react';
import type { RunSummary } from '../../src/contract/run.ts';
import { statusTitles } from '../words/run-words.ts';
import { announce } from './announcer.tsx';

/** A screen reader hears when the status of a run or an experiment changes. */
export function useAnnouncedStatus({ name, status }: Pick<RunSummary, 'name' | 'status'>): void {
  const before = useRef(status);
  useEffect(() => {
    if (before.current !== status) announce(`${name}: ${statusTitles[status]}.`);
    before.current = status;
  }, [name, status]);
}
