import type { ModelConfig } from '../checkpoint/config.ts';
import { backwardPolicy, forwardPolicy, type SpillPolicy } from '../streaming/spill-policy.ts';
import type { Needs } from './needs.ts';

/** How the activations of a run's texts are kept while they are scored. */
export interface Spills {
  readonly open: SpillPolicy;
  readonly domain: SpillPolicy;
  /** The most of both texts that is kept at a time. */
  readonly bytes: number;
}

/**
 * Where the general pass sees both texts, it leaves what their gradients need, and the texts share the room by their length;
 * else one text is done with before the other is begun.
 * @param tokens of each text; 0 for one that is not read
 * @param roomBytes memory and disk for activations
 */
export function spillsOf(
  config: ModelConfig,
  { mixed }: Pick<Needs, 'mixed'>,
  tokens: { readonly open: number; readonly domain: number },
  roomBytes: number,
): Spills {
  if (!mixed) {
    const open = forwardPolicy(config, tokens.open);
    const domain = backwardPolicy(config, tokens.domain, roomBytes);
    return { open, domain, bytes: Math.max(open.bytes, domain.bytes) };
  }
  const both = tokens.open + tokens.domain;
  const share = (part: number) => backwardPolicy(config, part, both === 0 ? 0 : (roomBytes * part) / both);
  const [open, domain] = [share(tokens.open), share(tokens.domain)];
  return { open, domain, bytes: open.bytes + domain.bytes };
}
