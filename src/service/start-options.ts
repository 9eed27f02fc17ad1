import { parseArgs } from 'node:util';
import { chosenDataFolder, defaultDataFolder, Folders } from './folders.ts';
import { PolicyRules, policyFile } from './policy-rules.ts';

/**
 * `--data-folder`, `--log-folder` and `--policy`, all optional. The policy's data folder comes before the one given here, that
 * before the person's choice, that before the platform's.
 * @throws UserError POLICY_INVALID, LOCATION_INVALID
 */
export function readStartOptions(args: string[]): { policy: PolicyRules; folders: Folders } {
  const { values } = parseArgs({
    args,
    options: {
      'data-folder': { type: 'string' },
      'log-folder': { type: 'string' },
      policy: { type: 'string' },
    },
  });
  const policy = PolicyRules.read(values.policy ?? policyFile());
  const data = policy.dataFolder ?? values['data-folder'] ?? chosenDataFolder() ?? defaultDataFolder();
  return { policy, folders: new Folders(data, values['log-folder'] ?? null) };
}
