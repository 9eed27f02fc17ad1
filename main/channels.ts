/** The two channels between page and main process. */
export const REQUEST_CHANNEL = 'dpruner:request';
export const EVENT_CHANNEL = 'dpruner:event';
