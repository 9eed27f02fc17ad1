import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import { formatTick } from '../words/quantities.ts';
import { roundTicks } from './round-ticks.ts';
import { useWidth } from './use-width.ts';

interface QuantileBandsProps {
  readonly label: string;
  /** One for each place on the axis: quantiles at 5, 25, 50, 75 and 95 %. */
  readonly bands: readonly {
    readonly title: string;
    readonly quantiles: readonly [number, number, number, number, number];
  }[];
  readonly colour: string;
  readonly axisTitle: string;
}

const HEIGHT = 220;
const LEFT = 44;
const BOTTOM = 40;
const TOP = 8;
const RIGHT = 12;

/** A median line with the bands around it that hold half and nine tenths. */
export function QuantileBands({ label, bands, colour, axisTitle }: QuantileBandsProps) {
  const { text, divider } = useTheme().palette;
  const [ref, width] = useWidth<HTMLDivElement>();
  const all = bands.flatMap(({ quantiles }) => quantiles);
  const ticks = roundTicks(Math.min(...all), Math.max(...all), 5);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const plotWidth = Math.max(1, width - LEFT - RIGHT);
  const x = (index: number) => LEFT + (plotWidth * (index + 0.5)) / bands.length;
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low));
  const line = (at: number) => bands.map(({ quantiles }, index) => `${x(index)},${y(quantiles[at] ?? low)}`);
  const area = (from: number, to: number) => `M${line(to).join('L')}L${line(from).reverse().join('L')}Z`;
  const every = Math.max(1, Math.ceil((28 * bands.length) / plotWidth));
  return (
    <Box ref={ref} sx={{ width: '100%' }}>
      <svg
        role="img"
        aria-label={label}
        width={Math.max(width, 1)}
        height={HEIGHT}
        fontSize={12}
        fill={text.secondary}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} stroke={divider} />
            <text x={LEFT - 8} y={y(tick)} dy="0.35em" textAnchor="end">
              {formatTick(tick)}
            </text>
          </g>
        ))}
        <path d={area(0, 4)} fill={colour} fillOpacity={0.18} />
        <path d={area(1, 3)} fill={colour} fillOpacity={0.35} />
        <path d={`M${line(2).join('L')}`} fill="none" stroke={colour} strokeWidth={2} />
        {bands.map(
          ({ title }, index) =>
            index % every === 0 && (
              <text key={title} x={x(index)} y={HEIGHT - BOTTOM + 18} textAnchor="middle">
                {title}
              </text>
            ),
        )}
        <text x={LEFT + plotWidth / 2} y={HEIGHT - 4} textAnchor="middle">
          {axisTitle}
        </text>
      </svg>
    </Box>
  );
}
