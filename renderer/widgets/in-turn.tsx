import { Children, type ReactNode, startTransition, useEffect, useState } from 'react';

/** A window that never has nothing to do draws the next part after so long. */
const PATIENCE_MS = 200;

/**
 * Draws its children one after the other, each when the window has nothing else to do: plots and grids that would come in one
 * go would keep it from answering for as long.
 */
export function InTurn({ children }: { readonly children: ReactNode }) {
  const parts = Children.toArray(children);
  const [drawn, setDrawn] = useState(0);
  const isComplete = drawn >= parts.length;
  useEffect(() => {
    if (isComplete) return;
    const request = requestIdleCallback(() => startTransition(() => setDrawn(drawn + 1)), {
      timeout: PATIENCE_MS,
    });
    return () => cancelIdleCallback(request);
  }, [drawn, isComplete]);
  return parts.slice(0, drawn);
}
