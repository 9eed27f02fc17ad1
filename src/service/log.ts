import { join } from 'node:path';
import electronLog from 'electron-log/node';

/** Notes what the service does: runs by number, codes, durations, where an error was thrown. Never text, never a parser's message. */
export interface Log {
  info(what: string, details?: Readonly<Record<string, string | number | boolean | null>>): void;
  warn(what: string, details?: Readonly<Record<string, string | number | boolean | null>>): void;
  error(what: string, details?: Readonly<Record<string, string | number | boolean | null>>): void;
}

const MAX_FILE_BYTES = 5 * 2 ** 20;

/** Writes to `service.log` in the log folder; a full one becomes `service.old.log`. */
export function openLog(folder: string): Log {
  const logger = electronLog.create({ logId: 'service' });
  logger.transports.console.level = false;
  logger.transports.file.level = 'info';
  logger.transports.file.maxSize = MAX_FILE_BYTES;
  logger.transports.file.resolvePathFn = () => join(folder, 'service.log');
  logger.transports.file.format = '[{iso}] [{level}] {text}';
  const write =
    (level: 'info' | 'warn' | 'error'): Log['info'] =>
    (what, details = {}) => {
      const facts = Object.entries(details).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
      logger[level](what + facts.join(''));
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
