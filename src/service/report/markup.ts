/** A piece of HTML that may be put into a page as it is. */
export interface Markup {
  readonly html: string;
}

type Value = Markup | string | number | null | readonly Markup[];

/** A template for HTML in which every value is text, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const parts = strings.map(
    (text, index) => text + (index < values.length ? render(values[index] ?? null) : ''),
  );
  return { html: parts.join('') };
}

function render(value: Value): string {
  if (value === null) return '–';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  if ('html' in value) return value.html;
  return value.map((each) => each.html).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

export const NOTHING: Markup = { html: '' };

/** Names and values beside one another. */
export const facts = (
  rows: readonly (readonly [name: string, value: Markup | string | number | null])[],
): Markup =>
  html`<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/**
 * @param head empty for rows that need none
 * @param numeric indices of the columns that hold numbers
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly (Markup | string | number | null)[])[],
  numeric: readonly number[] = [],
): Markup {
  const classOf = (index: number) => ({ html: numeric.includes(index) ? ' class="number"' : '' });
  const heads = head.map((title, index) => html`<th${classOf(index)}>${title}</th>`);
  const cells = rows.map(
    (row) => html`<tr>${row.map((value, index) => html`<td${classOf(index)}>${value}</td>`)}</tr>`,
  );
  return html`<table>${heads.length > 0 ? html`<thead><tr>${heads}</tr></thead>` : NOTHING}<tbody>${cells}</tbody></table>`;
}
