import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { AppSettings } from '../contract/app-settings.ts';
import { UserError } from '../contract/error.ts';
import { type Policy, type PolicyView, policy } from '../contract/policy.ts';
import { DEMO } from './demo.ts';
import { contains, realPath } from './real-path.ts';

/** Where administrators put the policy. */
export function policyFile(platform = process.platform, env = process.env): string {
  switch (platform) {
    case 'win32':
      return join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'D-Pruner', 'policy.json');
    case 'darwin':
      return '/Library/Application Support/D-Pruner/policy.json';
    default:
      return '/etc/d-pruner/policy.json';
  }
}

type SettingChanges = { readonly [Name in keyof AppSettings]?: AppSettings[Name] | undefined };

/** What the administrators' policy allows. */
export class PolicyRules {
  readonly view: PolicyView;
  private readonly policy: Policy | null;

  private constructor(view: PolicyView) {
    this.view = view;
    this.policy = view.policy;
  }

  /** @throws UserError POLICY_INVALID: a policy that cannot be read must not be taken for none */
  static read(file: string): PolicyRules {
    if (!existsSync(file)) return new PolicyRules({ file, policy: null });
    const invalid = (reason: string) =>
      new UserError(
        'POLICY_INVALID',
        `The administrators' policy ${file} cannot be used: ${reason}.`,
        'Ask your administrators to correct it; until then the program does not start.',
      );
    let json: unknown;
    try {
      json = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw invalid((error as NodeJS.ErrnoException).code ?? 'it is not valid JSON');
    }
    const parsed = policy.safeParse(json);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw invalid(`${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
    }
    const folders = [
      ...(parsed.data.allowedFolders ?? []),
      ...(parsed.data.dataFolder ? [parsed.data.dataFolder] : []),
    ];
    const lost = folders.find((folder) => !isAbsolute(folder));
    if (lost !== undefined) throw invalid(`${lost} is no absolute path`);
    return new PolicyRules({ file, policy: parsed.data });
  }

  get dataFolder(): string | null {
    return this.policy?.dataFolder ?? null;
  }

  get allowsUnmaskedPreview(): boolean {
    return this.policy?.allowUnmaskedPreview ?? true;
  }

  /** Names of the settings that nobody can change in the application. */
  get locked(): string[] {
    return [...Object.keys(this.policy?.settings ?? {}), ...(this.policy?.dataFolder ? ['dataFolder'] : [])];
  }

  /** What holds, given what the person has set. */
  apply(settings: AppSettings): AppSettings {
    const fixed = Object.entries(this.policy?.settings ?? {}).filter(([, value]) => value !== undefined);
    const applied = { ...settings, ...Object.fromEntries(fixed) } as AppSettings;
    const most = this.policy?.maxRetentionDays;
    if (most === undefined) return applied;
    return { ...applied, retentionDays: Math.min(applied.retentionDays ?? most, most) };
  }

  /** @throws UserError POLICY_LOCKED, POLICY_RETENTION */
  assertChangeable(changes: SettingChanges): void {
    const name = Object.keys(changes).find((key) => this.locked.includes(key));
    if (name !== undefined) throw this.lockedSetting(name);
    const most = this.policy?.maxRetentionDays;
    if (most === undefined || changes.retentionDays === undefined) return;
    if (changes.retentionDays !== null && changes.retentionDays <= most) return;
    throw new UserError(
      'POLICY_RETENTION',
      `Your administrators let runs be kept for at most ${most} days.`,
      `Choose ${most} days or fewer.`,
    );
  }

  /** @throws UserError POLICY_LOCKED */
  assertDataFolderChangeable(): void {
    if (this.locked.includes('dataFolder')) throw this.lockedSetting('dataFolder');
  }

  /** Models, data and outputs may have to lie in certain folders. @throws UserError POLICY_FOLDER */
  assertAllowed(...paths: readonly string[]): void {
    const allowed = this.policy?.allowedFolders;
    if (!allowed) return;
    // Links are followed, so that none leads out of an allowed folder.
    const folders = [...allowed, DEMO].map(realPath);
    const outside = paths.find((path) => !folders.some((folder) => contains(folder, realPath(path))));
    if (outside === undefined) return;
    throw new UserError(
      'POLICY_FOLDER',
      `Your administrators' policy does not let D-Pruner Desktop use ${outside}.`,
      `Use a folder in ${allowed.join(' or ')}.`,
    );
  }

  private lockedSetting(name: string): UserError {
    return new UserError(
      'POLICY_LOCKED',
      `Your administrators decide the setting ${name} (${this.view.file}).`,
      'Ask them to change it.',
    );
  }
}
