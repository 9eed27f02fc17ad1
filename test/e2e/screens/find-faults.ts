import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe finds on the page as it stands, a line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Electron opens no second page, in which axe would otherwise sum up.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

/** What does not fit, and drawings without anything in them, a line each. */
export function findUglyPlaces(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const describe = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').slice(0, 60)}”`;
    const scrolling = [document.documentElement, ...document.querySelectorAll('main, nav, [role=grid] *')];
    for (const element of scrolling) {
      const { overflowX } = getComputedStyle(element);
      const scrolls = overflowX === 'auto' || overflowX === 'scroll' || element === document.documentElement;
      if (scrolls && element.scrollWidth > element.clientWidth + 1) {
        faults.push(`scrolls sideways: ${describe(element)}`);
      }
    }
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      );
      const { overflowX, textOverflow } = getComputedStyle(element);
      const isCut =
        hasText &&
        ['hidden', 'clip'].includes(overflowX) &&
        element.clientWidth > 2 &&
        element.scrollWidth > element.clientWidth + 1;
      // Where a long name is shortened with dots, the whole of it can be read in its tooltip.
      if (isCut && !(textOverflow === 'ellipsis' && element.closest('[title]'))) {
        faults.push(`text is cut off: ${describe(element)}`);
      }
    }
    for (const drawing of document.querySelectorAll('main figure svg')) {
      const marks = [...drawing.querySelectorAll<SVGGraphicsElement>('path, rect, circle')].filter((mark) => {
        const { width, height } = mark.getBBox();
        return width > 0 && height > 0;
      });
      const numbers = [...drawing.querySelectorAll('text')].filter(({ textContent }) =>
        /\d/.test(textContent ?? ''),
      );
      const isIcon = drawing.clientWidth < 48;
      if (!isIcon && (marks.length === 0 || numbers.length < 2)) {
        faults.push(`empty drawing (${marks.length} marks, ${numbers.length} numbers): ${describe(drawing)}`);
      }
    }
    return faults;
  });
}
