import Stack from '@mui/material/Stack';
import { useState } from 'react';
import type { KnownModel } from '../../src/contract/model.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange, useNative } from '../bridge/use-service.ts';
import { announce } from '../shell/announcer.tsx';
import { DropZone } from '../widgets/drop-zone.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';

/** Adds a folder to the models that are remembered, or says what is wrong with it. */
export function AddModel({ onAdded }: { readonly onAdded?: (model: KnownModel) => void }) {
  const chooseFolder = useNative('dialog.chooseFolder');
  const add = useChange('models.add', ['models.list']);
  const [isSeveral, setSeveral] = useState(false);
  const addFolder = (dir: string) =>
    add.mutate(
      { dir },
      {
        onSuccess: (model) => {
          announce(`${model.name} was added.`);
          onAdded?.(model);
        },
      },
    );
  return (
    <Section
      title="Another folder"
      lead={
        <>
          It needs config.json, tokenizer.json and the weights as <Term of="safetensors">safetensors</Term>
          {' – '}pickle files (.bin, .pt) are refused, because opening one can run any program that is hidden
          in it.
        </>
      }
    >
      <Stack spacing={2}>
        <DropZone
          verb="Choose a folder…"
          onChoose={() =>
            chooseFolder.mutate(
              { title: 'Choose a model’s folder' },
              { onSuccess: ({ path }) => path !== null && addFolder(path) },
            )
          }
          onDrop={(paths) => {
            setSeveral(paths.length > 1);
            if (paths[0] !== undefined && paths.length === 1) addFolder(paths[0]);
          }}
        >
          {add.isPending ? 'Reading the headers…' : 'or drop it here.'}
          {isSeveral && ' Drop one folder at a time.'}
        </DropZone>
        {add.error && <ProblemAlert problem={problemOf(add.error)} />}
      </Stack>
    </Section>
  );
}
