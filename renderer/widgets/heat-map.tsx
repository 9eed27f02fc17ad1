import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { heatColour, inkOn } from './heat-colour.ts';
import { HeatScale } from './heat-scale.tsx';
import { useWidth } from './use-width.ts';

export interface HeatMapProps {
  /** What is drawn, in words, with its range: the drawing is one picture to a screen reader. */
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly columnTitle?: string;
  /** values[row][column]; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly format: (value: number) => string;
  /** Range of the colours; that of the values where it is left out. */
  readonly range?: readonly [low: number, high: number];
  readonly cellHeight?: number;
  /** Widest a cell may get. */
  readonly cellWidth?: number;
  readonly rowLabelWidth?: number;
}

const AXIS_HEIGHT = 22;
/** Cells of this size hold their number. */
const NUMBER_WIDTH = 56;
const NUMBER_HEIGHT = 18;
const LETTER_WIDTH = 7;

/** A table of numbers as a table of colours; the cell under the pointer says its number below. */
export function HeatMap(props: HeatMapProps) {
  const {
    label,
    rows,
    columns,
    columnTitle,
    values,
    format,
    range,
    cellHeight = 24,
    cellWidth = 112,
    rowLabelWidth = 48,
  } = props;
  const { mode, text, background } = useTheme().palette;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<readonly [row: number, column: number] | null>(null);
  const known = values.flat().filter((value) => value !== null);
  const [low, high] = range ?? [Math.min(...known), Math.max(...known)];
  const cell = Math.min(cellWidth, Math.max(2, (width - rowLabelWidth) / Math.max(1, columns.length)));
  const longest = Math.max(0, ...columns.map((column) => column.length));
  const everyColumn = Math.max(1, Math.ceil((LETTER_WIDTH * longest + 8) / cell));
  const everyRow = Math.max(1, Math.ceil(16 / cellHeight));
  const colourOf = (value: number) => heatColour(mode, high > low ? (value - low) / (high - low) : 0.5);
  const hasNumbers = cell >= NUMBER_WIDTH && cellHeight >= NUMBER_HEIGHT;
  const pointedValue = pointed && values[pointed[0]]?.[pointed[1]];
  return (
    <Box ref={ref} sx={{ width: '100%' }}>
      <svg
        role="img"
        aria-label={label}
        width={rowLabelWidth + cell * columns.length}
        height={cellHeight * rows.length + AXIS_HEIGHT}
        // The topmost row's number may be higher than the row.
        overflow="visible"
        onPointerLeave={() => setPointed(null)}
      >
        {rows.map((row, y) => (
          <g key={row} transform={`translate(0 ${y * cellHeight})`}>
            <text
              x={rowLabelWidth - 8}
              y={cellHeight / 2}
              dy="0.35em"
              textAnchor="end"
              fontSize={12}
              fill={text.secondary}
            >
              {y % everyRow === 0 && row}
            </text>
            {values[y]?.map((value, x) => (
              <rect
                key={columns[x]}
                x={rowLabelWidth + x * cell}
                width={Math.max(1, cell - (cell > 6 ? 1 : 0))}
                height={cellHeight - (cellHeight > 6 ? 1 : 0)}
                fill={value === null ? background.default : colourOf(value)}
                onPointerEnter={() => setPointed([y, x])}
              />
            ))}
            {hasNumbers &&
              values[y]?.map(
                (value, x) =>
                  value !== null && (
                    <text
                      key={columns[x]}
                      x={rowLabelWidth + (x + 0.5) * cell}
                      y={cellHeight / 2}
                      dy="0.35em"
                      textAnchor="middle"
                      fontSize={12}
                      fill={inkOn(colourOf(value))}
                      pointerEvents="none"
                    >
                      {format(value)}
                    </text>
                  ),
              )}
          </g>
        ))}
        {columns.map(
          (column, x) =>
            x % everyColumn === 0 && (
              <text
                key={column}
                x={rowLabelWidth + (x + 0.5) * cell}
                y={cellHeight * rows.length + 15}
                textAnchor="middle"
                fontSize={12}
                fill={text.secondary}
              >
                {column}
              </text>
            ),
        )}
      </svg>
      <Box
        sx={{
          display: 'flex',
          justifyContent: 'space-between',
          alignItems: 'center',
          gap: 2,
          pl: `${rowLabelWidth}px`,
          maxWidth: Math.max(rowLabelWidth + cell * columns.length, 480),
        }}
      >
        <Typography variant="caption" color="textSecondary">
          {pointed && typeof pointedValue === 'number'
            ? `${columnTitle ? `${columnTitle} ` : ''}${columns[pointed[1]]}, ${rows[pointed[0]]}: ${format(pointedValue)}`
            : (columnTitle ?? ' ')}
        </Typography>
        <HeatScale low={format(low)} high={format(high)} />
      </Box>
    </Box>
  );
}
