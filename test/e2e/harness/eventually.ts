/** Asks again until the answer satisfies. @throws with the last answer when it never does */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  satisfies: (answer: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > end) throw new Error(`Still ${JSON.stringify(answer)} after ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
