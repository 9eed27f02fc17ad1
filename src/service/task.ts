/** One task of the service, in a process of its own; see tasks/task-definitions.ts. It ends with the service. */
import { performTask } from './tasks/perform-task.ts';
import { taskOrder } from './tasks/task-definitions.ts';
import { framesOf, toProblem } from './to-problem.ts';

process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});
process.once('message', async (message) => {
  const reply = await answer(message);
  process.send?.(reply, undefined, {}, () => process.disconnect());
});

async function answer(message: unknown) {
  try {
    const { name, input } = taskOrder.parse(message);
    return { kind: 'done', output: await performTask(name, input) };
  } catch (error) {
    return { kind: 'refused', problem: toProblem(error), where: framesOf(error) };
  }
}
