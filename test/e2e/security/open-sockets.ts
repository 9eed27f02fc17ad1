import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface OpenSocket {
  readonly protocol: string;
  readonly local: string;
  readonly remote: string;
}

/** The internet sockets that the processes hold open (Linux). */
export function openSockets(processes: readonly number[]): OpenSocket[] {
  const held = new Set(processes.flatMap(socketInodes));
  return ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap((protocol) =>
    readFileSync(`/proc/net/${protocol}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => held.has(fields[9] ?? ''))
      .map((fields) => ({ protocol, local: address(fields[1] ?? ''), remote: address(fields[2] ?? '') })),
  );
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${name}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return []; // it has ended
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** "0100007F:1F90" is 127.0.0.1:8080; an address of version 6 stays as it is. */
function address(text: string): string {
  const [host = '', port = ''] = text.split(':');
  const parts =
    host.length === 8 ? (host.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)) : [host];
  return `${parts.join('.')}:${Number.parseInt(port, 16)}`;
}
