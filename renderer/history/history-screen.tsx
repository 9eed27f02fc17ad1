import AddIcon from '@mui/icons-material/Add';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import { useState } from 'react';
import { RUN_ORDERS, type RunQuery, type RunStatus } from '../../src/contract/run.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useService } from '../bridge/use-service.ts';
import { linkTo } from '../shell/route.ts';
import { Screen } from '../shell/screen.tsx';
import { EmptyState } from '../widgets/empty-state.tsx';
import { InTurn } from '../widgets/in-turn.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { HistoryFilters } from './history-filters.tsx';
import { HistoryGrid, type HistoryPlace } from './history-grid.tsx';
import { SelectionActions } from './selection-actions.tsx';

type Order = NonNullable<RunQuery['orderBy']>;

/** Step 8: every run, found again, compared, repeated or deleted. */
export function HistoryScreen() {
  const [text, setText] = useState('');
  const [statuses, setStatuses] = useState<RunStatus[]>([]);
  const [place, setPlace] = useState<HistoryPlace>({
    page: 0,
    pageSize: 50,
    orderBy: 'createdAt',
    descending: true,
  });
  const [selected, setSelected] = useState<readonly number[]>([]);
  const page = useService(
    'runs.list',
    {
      text,
      statuses,
      orderBy: orderOf(place.orderBy),
      descending: place.descending,
      offset: place.page * place.pageSize,
      limit: place.pageSize,
    },
    { keepPrevious: true },
  );
  const changePlace = (change: Partial<HistoryPlace>) => setPlace((before) => ({ ...before, ...change }));
  const toFirstPage = () => changePlace({ page: 0 });
  const isFiltered = text !== '' || statuses.length > 0;
  const isEmpty = page.data?.total === 0;
  return (
    <Screen
      title="Runs"
      actions={
        <Button variant="contained" startIcon={<AddIcon />} href={linkTo('/new/model')}>
          New run
        </Button>
      }
    >
      {page.error && <ProblemAlert problem={problemOf(page.error)} />}
      {isEmpty && !isFiltered ? (
        <Paper>
          <EmptyState title="No runs yet" action={<Button href={linkTo('/')}>Go to Home</Button>}>
            Run the demo from Home, or start a run of your own.
          </EmptyState>
        </Paper>
      ) : (
        <div>
          <HistoryFilters
            text={text}
            statuses={statuses}
            total={page.data?.total ?? null}
            onText={(to) => {
              setText(to);
              toFirstPage();
            }}
            onStatuses={(to) => {
              setStatuses(to);
              toFirstPage();
            }}
          />
          <SelectionActions selected={selected} runs={page.data?.runs ?? []} onDone={() => setSelected([])} />
          <InTurn>
            <HistoryGrid
              page={page.data ?? null}
              isLoading={page.isFetching}
              place={place}
              selected={selected}
              onPlace={changePlace}
              onSelect={setSelected}
            />
          </InTurn>
        </div>
      )}
    </Screen>
  );
}

const orderOf = (field: string): Order => RUN_ORDERS.find((order) => order === field) ?? 'createdAt';
