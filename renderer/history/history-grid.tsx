import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import { alpha, type Theme } from '@mui/material/styles';
import useMediaQuery from '@mui/material/useMediaQuery';
import { DataGrid, type GridColDef, type GridSortModel } from '@mui/x-data-grid';
import { useMemo } from 'react';
import type { RunPage, RunSummary } from '../../src/contract/run.ts';
import { linkTo } from '../shell/route.ts';
import { styleNonce } from '../theme/style-nonce.ts';
import { PerplexityChange } from '../widgets/perplexity-change.tsx';
import { StatusChip } from '../widgets/status-chip.tsx';
import { formatDuration, formatPercent, formatTime } from '../words/quantities.ts';
import { runPath } from '../words/run-path.ts';
import { RunMenu } from './run-menu.tsx';

export interface HistoryPlace {
  readonly page: number;
  readonly pageSize: number;
  readonly orderBy: string;
  readonly descending: boolean;
}

interface HistoryGridProps {
  readonly page: RunPage | null;
  readonly isLoading: boolean;
  readonly place: HistoryPlace;
  readonly selected: readonly number[];
  /** Merged into the place as it is by then: the grid says several changes of one moment one by one. */
  readonly onPlace: (change: Partial<HistoryPlace>) => void;
  readonly onSelect: (ids: readonly number[]) => void;
}

const number = { align: 'right', headerAlign: 'right' } as const;

/** Tab stops at the grid once; arrows lead from cell to cell, and what can be pressed in one takes the focus for it. */
const columns: GridColDef<RunSummary>[] = [
  {
    field: 'name',
    headerName: 'Run',
    flex: 1.6,
    minWidth: 150,
    renderCell: ({ row, tabIndex }) => (
      <Link href={linkTo(runPath(row))} noWrap title={row.name} tabIndex={tabIndex}>
        {row.name}
      </Link>
    ),
  },
  { field: 'status', headerName: 'Status', width: 108, renderCell: ({ row }) => <StatusChip run={row} /> },
  { field: 'modelName', headerName: 'Model', flex: 1, minWidth: 120 },
  {
    field: 'domain',
    headerName: 'Domain',
    flex: 0.8,
    minWidth: 102,
    valueFormatter: (value) => value ?? '–',
  },
  {
    field: 'sparsity',
    headerName: 'Sparsity',
    width: 80,
    ...number,
    valueFormatter: (value: number) => formatPercent(value),
  },
  { field: 'mu', headerName: 'μ', width: 64, ...number, valueFormatter: (value: number) => value.toFixed(2) },
  {
    field: 'domainPerplexity',
    headerName: 'Domain perplexity',
    width: 112,
    ...number,
    renderCell: ({ row }) => <PerplexityChange figures={row.domainPerplexity} />,
  },
  {
    field: 'generalPerplexity',
    headerName: 'General perplexity',
    width: 112,
    ...number,
    renderCell: ({ row }) => <PerplexityChange figures={row.generalPerplexity} />,
  },
  {
    field: 'workedMs',
    headerName: 'Time at work',
    width: 96,
    ...number,
    valueFormatter: (value: number) => (value > 0 ? formatDuration(value) : '–'),
  },
  {
    field: 'createdAt',
    headerName: 'Asked for',
    width: 194,
    ...number,
    valueFormatter: (value: string) => formatTime(value),
  },
  {
    field: 'actions',
    headerName: 'Actions',
    width: 72,
    sortable: false,
    align: 'center',
    headerAlign: 'center',
    renderCell: ({ row, tabIndex }) => <RunMenu run={row} tabIndex={tabIndex} />,
  },
];

/** Where every column has room; on a narrower window some are left to the run's own screen. */
const WIDE = '(min-width: 1500px)';
const columnsOfWide = { modelName: false, mu: false, workedMs: false };

const ROW_HEIGHT = 36;
const HEADER_HEIGHT = 64;
const FOOTER_AND_BORDERS = 55;
/** Of fewer rows the grid keeps the room, for what it says when there are none. */
const FEWEST_ROWS = 6;

const heightOf = (rows: number): number =>
  HEADER_HEIGHT + FOOTER_AND_BORDERS + ROW_HEIGHT * Math.max(FEWEST_ROWS, rows);

/** One page of the history; sorting and paging are the service's work. */
export function HistoryGrid({ page, isLoading, place, selected, onPlace, onSelect }: HistoryGridProps) {
  const sort = (model: GridSortModel) => {
    const [first] = model;
    onPlace({
      page: 0,
      orderBy: first?.field ?? 'createdAt',
      descending: first ? first.sort === 'desc' : true,
    });
  };
  // The grid goes to its first page whenever it is given another order, were it the same in a new array.
  const sortModel = useMemo<GridSortModel>(
    () => [{ field: place.orderBy, sort: place.descending ? 'desc' : 'asc' }],
    [place.orderBy, place.descending],
  );
  const isWide = useMediaQuery(WIDE);
  return (
    <Box
      sx={{
        height: `min(100vh - 212px, ${heightOf(page?.runs.length ?? 0)}px)`,
        bgcolor: 'background.paper',
      }}
    >
      <DataGrid
        label="Runs"
        {...(styleNonce && { nonce: styleNonce })}
        rows={page?.runs ?? []}
        columns={columns}
        columnVisibilityModel={isWide ? {} : columnsOfWide}
        rowCount={page?.total ?? 0}
        loading={isLoading && page === null}
        rowHeight={ROW_HEIGHT}
        columnHeaderHeight={HEADER_HEIGHT}
        checkboxSelection
        disableRowSelectionOnClick
        disableRowSelectionExcludeModel
        keepNonExistentRowsSelected
        disableColumnFilter
        disableColumnMenu
        rowSelectionModel={{ type: 'include', ids: new Set(selected) }}
        onRowSelectionModelChange={({ ids }) => onSelect([...ids].map(Number))}
        paginationMode="server"
        sortingMode="server"
        sortingOrder={['desc', 'asc']}
        sortModel={sortModel}
        onSortModelChange={sort}
        paginationModel={{ page: place.page, pageSize: place.pageSize }}
        onPaginationModelChange={onPlace}
        pageSizeOptions={[25, 50, 100]}
        localeText={{ noRowsLabel: 'No run matches. Use fewer words or other statuses.' }}
        sx={{
          borderColor: 'divider',
          // The grid would mix these itself, which Chromium can do from version 111 on.
          '& .MuiDataGrid-row:hover': { bgcolor: 'action.hover' },
          '& .MuiDataGrid-row.Mui-selected, & .MuiDataGrid-row.Mui-selected:hover': {
            bgcolor: ({ palette }: Theme) => alpha(palette.primary.main, 0.12),
          },
          '& .MuiDataGrid-columnHeader--alignRight .MuiDataGrid-columnHeaderTitle': { textAlign: 'right' },
          '& .MuiDataGrid-columnHeaderTitle': { whiteSpace: 'normal', lineHeight: 1.25 },
        }}
      />
    </Box>
  );
}
