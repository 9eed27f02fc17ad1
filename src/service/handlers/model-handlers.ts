import { resolve } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { KnownModel } from '../../contract/model.ts';
import { DEMO_MODEL } from '../demo.ts';
import type { Keeper } from '../keeper.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { HandlersOf } from './handlers.ts';

export function modelHandlers(keeper: Keeper, tasks: TaskRunner): HandlersOf<'models'> {
  const { models, audit, policy } = keeper;
  let demo: Promise<KnownModel> | null = null;
  const inspect = (dir: string) => {
    policy.assertAllowed(dir);
    return tasks.run('inspect-model', { dir });
  };
  /** Ships with the program and does not change while it runs. */
  const demoModel = () => {
    demo ??= tasks.run('inspect-model', { dir: DEMO_MODEL }).then((inspection) => ({
      ...{ id: 'demo', name: 'Demo model', isDemo: true, addedAt: new Date(0).toISOString() },
      inspection,
    }));
    demo.catch(() => {
      demo = null;
    });
    return demo;
  };
  return {
    'models.inspect': ({ dir }) => inspect(dir),
    'models.list': async () => [await demoModel(), ...(await models.list())],
    'models.add': async ({ dir, name }) => {
      if (resolve(dir) === resolve(DEMO_MODEL)) return demoModel();
      const inspection = await inspect(dir);
      const [first] = inspection.problems;
      if (first) throw new UserError(first.code, first.message, first.fix);
      const model = await models.save(inspection, name, new Date().toISOString());
      await audit.append('model.added', model.name, {
        dir: inspection.dir,
        fingerprint: inspection.fingerprint,
      });
      return model;
    },
    'models.remove': async ({ id }) => {
      const model = await models.remove(id);
      await audit.append('model.removed', model.name, { dir: model.inspection.dir });
      return {};
    },
  };
}
