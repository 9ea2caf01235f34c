import {
  ADVERSARY_FORMS,
  isRingAdversary,
  POLICY_FORMS,
  type Policy,
  type Prosociality,
  parsePolicy,
  parseProsociality,
} from '@commonweal/node/agent'
import { FAULT_FORMS, type Fault, parseFault } from '@commonweal/node/local'
import { InvalidArgumentError } from 'commander'
import { UsageError } from './usage-error.ts'

export const NODE_COUNT_MAX = 64
export const ROUND_COUNT_MAX = 1_000

/** λ of the default population, repeated where there are more nodes. */
export const PROSOCIALITY_DEFAULT = '0,0,0.6,1,3'

export const CONTRACT_MODES = ['none', 'text', 'law'] as const
export const REGENERATION_MODES = ['deterministic', 'iid', 'private-signal', 'hysteresis'] as const

/** What to run: the same for real processes and for the plain state machine. Lists have one entry a node. */
export interface Experiment {
  readonly nodes: number
  readonly rounds: number
  readonly prosociality: readonly Prosociality[]
  readonly policies: readonly Policy[]
  /** What the nodes do against the protocol; null for those that keep its rules. */
  readonly faults: readonly (Fault | null)[]
  /** In percent, or how to choose. */
  readonly values: 'seeded' | 'equal' | readonly number[]
  readonly contract: (typeof CONTRACT_MODES)[number]
  readonly contractDelay: 0 | 1
  readonly regeneration: (typeof REGENERATION_MODES)[number]
  /** A cap for every seat, as a CEL expression; without it each agent proposes what suits it. */
  readonly law: string | null
  readonly seed: string
}

/** The flags as commander hands them over, each parsed by itself. */
export interface ExperimentFlags {
  readonly nodes: number
  readonly rounds: number
  readonly prosociality?: readonly Prosociality[]
  readonly policy: readonly Policy[]
  readonly adversary: readonly SeatAdversary[]
  readonly values?: 'seeded' | 'equal' | readonly number[]
  readonly contract: (typeof CONTRACT_MODES)[number]
  readonly contractDelay: 0 | 1
  readonly regeneration: (typeof REGENERATION_MODES)[number]
  readonly law?: string
  readonly seed: string
}

/** A policy, or a fault, for one node alone. */
export type SeatAdversary =
  | { readonly index: number; readonly policy: Policy }
  | { readonly index: number; readonly fault: Fault }

/**
 * Puts the flags together: lists are stretched to one entry a node, and what contradicts itself is refused.
 *
 * Errors  UsageError
 */
export function createExperiment(flags: ExperimentFlags): Experiment {
  const { nodes } = flags
  const population = flags.prosociality ?? parseProsocialityList(PROSOCIALITY_DEFAULT)
  const isDefault = flags.prosociality === undefined
  if (flags.law !== undefined && flags.contract !== 'law') {
    throw new UsageError(`--law needs --contract law, and --contract is ${flags.contract}`)
  }
  const seated = stretch('--policy', flags.policy, nodes).map((policy, index) => {
    const own = flags.adversary.filter((adversary) => adversary.index === index)
    const policies = own.flatMap((one) => ('policy' in one ? [one.policy] : []))
    const faults = own.flatMap((one) => ('fault' in one ? [one.fault] : []))
    if (policies.length > 1 || faults.length > 1) {
      throw new UsageError(`--adversary names node ${index} twice`)
    }
    return { policy: policies[0] ?? policy, fault: faults[0] ?? null }
  })
  for (const { index } of flags.adversary) {
    if (index >= nodes) {
      throw new UsageError(`--adversary names node ${index}; the nodes are 0 to ${nodes - 1}`)
    }
  }
  return {
    nodes,
    rounds: flags.rounds,
    prosociality: isDefault
      ? repeat(population, nodes)
      : stretch('--prosociality', population, nodes),
    policies: seated.map(({ policy }) => policy),
    faults: seated.map(({ fault }) => fault),
    values: chooseValues(flags),
    contract: flags.contract,
    contractDelay: flags.contractDelay,
    regeneration: flags.regeneration,
    law: flags.law ?? null,
    seed: flags.seed,
  }
}

/** Unequal values are there to be bargained over: where there is nothing to bargain, everybody's are equal. */
function chooseValues({ values, contract, nodes }: ExperimentFlags): Experiment['values'] {
  if (values === undefined) return contract === 'none' ? 'equal' : 'seeded'
  return typeof values === 'string' ? values : stretch('--values', values, nodes)
}

/** A parser of whole numbers in a range, for commander. */
export function countParser(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`Accepted: a whole number from ${min} to ${max}.`)
  }
}

export function parseProsocialityOption(text: string): Prosociality {
  const parsed = parseProsociality(text)
  if (parsed.ok) return parsed.value
  throw new InvalidArgumentError(
    `«${text.trim()}» is no prosociality. Accepted: λ as a number from 0 (0.6, inf), alpha=0…1, or theta=0…45.`,
  )
}

export function parseProsocialityList(text: string): readonly Prosociality[] {
  return splitList(text).map(parseProsocialityOption)
}

export function parsePolicyOption(text: string): Policy {
  const parsed = parsePolicy(text)
  if (parsed.ok) return parsed.value
  throw new InvalidArgumentError(
    `«${text.trim()}» is no policy. Accepted: ${POLICY_FORMS}, ${ADVERSARY_FORMS}.`,
  )
}

export function parsePolicyList(text: string): readonly Policy[] {
  return splitList(text).map(parsePolicyOption)
}

/**
 * `free-rider:1`: node 1 plays `free-rider`; `colluder:1+3`: nodes 1 and 3 collude; `double-vote:2`: node 2 votes twice, whatever
 * its agent plays. May be given several times, or as a list.
 */
export function parseAdversaries(
  text: string,
  before: readonly SeatAdversary[] = [],
): readonly SeatAdversary[] {
  const parsed = splitList(text).flatMap((entry): readonly SeatAdversary[] => {
    const [, name, nodes] = /^(.+):(\d{1,3}(?:\+\d{1,3})*)$/.exec(entry) ?? []
    if (name === undefined || nodes === undefined) {
      throw new InvalidArgumentError(
        `«${entry}» names no node. Accepted: an adversary and the index of a node, such as free-rider:1, colluder:1+3 or double-vote:2.`,
      )
    }
    const indices = nodes.split('+').map(Number)
    const fault = parseFault(name)
    if (fault !== null) return indices.map((index) => ({ index, fault }))
    const policy = parsePolicy(isRingAdversary(name) ? `${name}(${nodes})` : name)
    if (policy.ok) return indices.map((index) => ({ index, policy: policy.value }))
    throw new InvalidArgumentError(
      `«${name}» is no adversary. Accepted: ${POLICY_FORMS}, ${ADVERSARY_FORMS}; against the protocol ${FAULT_FORMS}.`,
    )
  })
  return [...before, ...parsed]
}

/** What a node that joins does against the protocol. */
export function parseFaultOption(text: string): Fault {
  const fault = parseFault(text)
  if (fault !== null && fault.kind !== 'crash') return fault
  const why =
    fault === null ? `«${text}» is no adversary` : 'nobody starts a node again that joined'
  throw new InvalidArgumentError(`${why}. Accepted: ${FAULT_FORMS}, but for a crash.`)
}

/** `equal`, `seeded`, or what a unit is worth to each node: 0.01 … 10 with two decimals. Result in percent. */
export function parseValues(text: string): 'seeded' | 'equal' | readonly number[] {
  if (text === 'seeded' || text === 'equal') return text
  return splitList(text).map((entry) => {
    const percent = /^\d{0,2}(\.\d{1,2})?$/.test(entry) ? Math.round(Number(entry) * 100) : 0
    if (percent >= 1 && percent <= 1_000) return percent
    throw new InvalidArgumentError(
      `«${entry}» is no value. Accepted: equal, seeded, or numbers from 0.01 to 10 with up to two decimals.`,
    )
  })
}

/** A parser of one word among several, for commander. */
export function choiceParser<const Choice extends string>(
  choices: readonly Choice[],
): (text: string) => Choice {
  return (text) => {
    const chosen = choices.find((choice) => choice === text)
    if (chosen !== undefined) return chosen
    throw new InvalidArgumentError(`Accepted: ${choices.join(', ')}.`)
  }
}

export function parseContractDelay(text: string): 0 | 1 {
  return choiceParser(['0', '1'])(text) === '0' ? 0 : 1
}

export function parseSeed(text: string): string {
  if (/^[A-Za-z0-9._-]{1,32}$/.test(text)) return text
  throw new InvalidArgumentError('Accepted: 1 to 32 letters, digits, dots, dashes or underscores.')
}

export function splitList(text: string): readonly string[] {
  const entries = text.split(',').map((entry) => entry.trim())
  if (entries.includes('')) throw new InvalidArgumentError('An entry of the list is empty.')
  return entries
}

export function stretch<T>(flag: string, entries: readonly T[], count: number): readonly T[] {
  if (entries.length === count) return entries
  if (entries.length === 1) return repeat(entries, count)
  throw new UsageError(
    `${flag} has ${entries.length} entries for ${count} nodes; give one for all, or ${count}`,
  )
}

function repeat<T>(entries: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, index) => entries[index % entries.length]).filter(
    (entry) => entry !== undefined,
  )
}
