import { listTasks, loadTask } from '../../engine/evaluation/tasks/task-definition.ts';
import type { HandlersOf } from './handlers.ts';

export const taskHandlers = (): HandlersOf<'tasks'> => ({
  'tasks.list': async () =>
    Promise.all(
      (await listTasks()).map(async (task) => {
        const { name, title, description, kind } = await loadTask(task);
        return { name, title, description, kind };
      }),
    ),
});
