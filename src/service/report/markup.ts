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

/** @param numeric indices of the columns that hold numbers */
export function table(
  head: readonly string[],
  rows: readonly (readonly (Markup | string | number | null)[])[],
  numeric: readonly number[] = [],
): Markup {
  const cell = (value: Markup | string | number | null, index: number) =>
    numeric.includes(index) ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
  return html`<table><thead><tr>${head.map((title, index) =>
    numeric.includes(index) ? html`<th class="number">${title}</th>` : html`<th>${title}</th>`,
  )}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table>`;
}
