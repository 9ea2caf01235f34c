import { UsageError } from '../usage-error.ts'

export const SCENARIOS = ['commons', 'forecast'] as const
export type ScenarioName = (typeof SCENARIOS)[number]

/** Flags of `up` that only one scenario understands, by the name that commander gives them. */
const ONLY: Readonly<Record<ScenarioName, readonly string[]>> = {
  commons: [
    'nodes',
    'rounds',
    'values',
    'contract',
    'law',
    'contractDelay',
    'regeneration',
    'policy',
    'adversary',
  ],
  forecast: ['days', 'first', 'seller', 'resolution'],
}

/** Those that every scenario understands. */
const SHARED: readonly string[] = [
  'prosociality',
  'agent',
  'mandate',
  'model',
  'think',
  'maxCost',
  'price',
  'record',
  'replay',
  'seed',
  'json',
  'keep',
  'data',
]

/** Refuses a flag that was given and that the scenario does not understand. Errors  UsageError */
export function checkScenarioFlags(
  scenario: ScenarioName,
  isGiven: (name: string) => boolean,
): void {
  for (const other of SCENARIOS) {
    if (other === scenario) continue
    const wrong = ONLY[other].find(isGiven)
    if (wrong === undefined) continue
    const accepted = [...ONLY[scenario], ...SHARED]
    throw new UsageError(
      `${flag(wrong)} is for --scenario ${other}; --scenario ${scenario} takes ${accepted.map(flag).join(', ')}`,
    )
  }
}

function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
