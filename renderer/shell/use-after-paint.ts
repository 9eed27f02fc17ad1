import { startTransition, useEffect, useState } from 'react';

/**
 * A value as it was before the latest picture. What is drawn of a new one begins when the picture that answers the input is on the
 * screen, so that no screen, however much it holds, can delay it.
 */
export function useAfterPaint<Value>(value: Value): Value {
  const [shown, setShown] = useState(value);
  useEffect(() => {
    if (Object.is(value, shown)) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A frame's callbacks come before its picture, a timer that they set after it.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setShown(value)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [value, shown]);
  return shown;
}
