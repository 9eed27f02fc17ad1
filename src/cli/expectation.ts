import { z } from 'zod';

/** The part of a JSON Schema that says what one option takes. */
interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly ValueSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** What a schema accepts, in words: `a number above 0 and below 1`, `one of: none, iterative`. */
export function describeExpected(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input' }) as ValueSchema;
  return describe(json.anyOf?.find(({ type }) => type !== 'null') ?? json);
}

function describe(value: ValueSchema): string {
  if (value.enum) return `one of: ${value.enum.join(', ')}`;
  if (value.type !== 'integer' && value.type !== 'number') return `a ${value.type}`;
  const bounds = describeBounds(value);
  const kind = value.type === 'integer' ? 'a whole number' : 'a number';
  return bounds ? `${kind} ${bounds}` : kind;
}

function describeBounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ValueSchema): string {
  const bounds: string[] = [];
  if (isBound(exclusiveMinimum)) bounds.push(`above ${exclusiveMinimum}`);
  if (isBound(minimum)) bounds.push(`from ${minimum}`);
  if (isBound(exclusiveMaximum)) bounds.push(`below ${exclusiveMaximum}`);
  if (isBound(maximum)) bounds.push(`to ${maximum}`);
  return bounds.join(bounds.length === 2 && bounds[0]?.startsWith('above') ? ' and ' : ' ');
}

/** zod bounds every integer by what a double can count to; nobody needs to be told. */
const isBound = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
