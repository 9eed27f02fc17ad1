import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallRun } from '../service/small-run.ts';
import { ask } from './harness/ask.ts';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { answerDialogs } from './harness/native-dialogs.ts';
import { resizeWindow } from './harness/resize.ts';
import { button, goTo, openRun, read, verdictOf } from './harness/window.ts';
import { Camera } from './screens/camera.ts';

const QUESTIONS = 12;

describe.skipIf(!hasDesktop)('tasks, seen in the window', () => {
  let application: Application;
  let page: Page;
  let camera: Camera;
  let questions: string;
  const runs: number[] = [];
  beforeAll(async () => {
    application = await launchApplication();
    page = application.page;
    camera = new Camera(page, 'tasks', (width, height) => resizeWindow(application, width, height));
    questions = join(application.home, 'questions.jsonl');
    const row = (_: unknown, i: number) => ({
      question: `The licensee may copy part ${i} of the`,
      choices: ['work', 'seldom', 'three'],
      label: i % 3,
    });
    const rows = Array.from({ length: QUESTIONS }, row).map((each) => JSON.stringify(each));
    writeFileSync(questions, rows.join('\n'));
  });
  afterAll(() => application?.close());

  it('are chosen in the wizard, with their files', async () => {
    await goTo(page, '/new/data');
    await page.getByRole('heading', { name: 'Tasks to measure on' }).waitFor();
    await answerDialogs(application, { open: [questions] });
    await button(page, 'Choose its files…').click();
    const name = page.getByLabel('Name');
    await name.waitFor();
    expect(await name.inputValue()).toBe('Multiple choice');
    await button(page, 'Choose its files…').click();
    await page.getByRole('button', { name: 'Remove the task Multiple choice 2' }).click();
    await page.getByLabel('Of each task only').waitFor();
    expect(await camera.take('wizard-tasks')).toEqual([]);
  });

  it('are measured on both models, and the difference is put into words', async () => {
    for (const mu of [0, 1]) {
      const request = smallRun(join(application.home, `model-${mu}-${runs.length}`), {
        name: `Small, μ ${mu}`,
        settings: { ...smallRun('x').settings, mu },
        evaluation: {
          texts: [],
          tasks: [{ task: 'multiple-choice', name: 'Questions', files: [questions] }],
        },
      });
      const run = await ask(page, 'runs.start', request);
      runs.push(run.id);
      await openRun(page, run);
      expect(await verdictOf(page)).toContain('Finished');
    }
    await goTo(page, `/runs/${runs[0]}/results`);
    const table = page.getByRole('table', { name: 'Tasks of the original and the pruned model' });
    const text = await read(table);
    expect(text).toContain('Questions');
    expect(text).toMatch(/Accuracy.*not distinguishable|Accuracy.*pruned is (better|worse)/);
    expect(text).toContain(`${QUESTIONS} of ${QUESTIONS}`);
    expect(await camera.take('results-with-tasks')).toEqual([]);
  }, 600_000);

  it('stand beside one another when runs are compared', async () => {
    await goTo(page, `/runs/compare?ids=${runs.slice(-2).join(',')}`);
    const table = page.getByRole('table', { name: 'Tasks of the runs' });
    expect(await read(table)).toMatch(/Original.*Small, μ 0.*Small, μ 1.*Questions.*Accuracy.*Macro-F1/);
    expect(await camera.take('comparison-with-tasks')).toEqual([]);
  });
});
