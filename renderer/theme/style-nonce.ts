import createCache from '@emotion/cache';

/** The nonce that the page was served with; without it the policy lets no style sheet be added. */
export const styleNonce =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;

export const styleCache = createCache({ key: 'dp', prepend: true, ...(styleNonce && { nonce: styleNonce }) });
