/** What a replica may do against the protocol, beside playing its agent's part. */
export const FAULT_KINDS = [
  'double-vote',
  'contradict-votes',
  'equivocate-proposals',
  'skip-blocks',
  'withhold-votes',
  'silent-leader',
  'replay',
  'equivocate-talk',
  'double-spend',
  'flood',
  'withhold-reveals',
  'withhold-shares',
  'clock-skew',
  'crash',
  'pause',
  'partition',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** What only a node does, on real connections: the simulator carries messages, and these are none, or answers to newcomers. */
export const WIRE_KINDS = [
  'forge',
  'replay-foreign',
  'non-canonical',
  'oversize',
  'lying-sync',
  'stale-sync',
  'eclipse',
] as const
export type WireKind = (typeof WIRE_KINDS)[number]

/** What is wrong with a node, in full. */
export interface Fault {
  readonly kind: FaultKind | WireKind
  /** The epoch from which on it is. */
  readonly fromEpoch: number
  /** How long a spell lasts; of no meaning to the kinds that are not one. */
  readonly spellMs: number
}

/** Faults that a replica has from its start or not at all. */
export const LIFELONG_FAULTS: readonly FaultKind[] = ['equivocate-proposals', 'clock-skew']

/** Faults that pass. */
export const SPELL_KINDS = ['crash', 'pause', 'partition'] as const

/** Long enough to be missed, too short to miss a phase of 24 heights of 100 ms. */
export const SPELL_MS_DEFAULT = 1_500
/** Longest spell: ten minutes. */
export const SPELL_MS_MAX = 600_000

/** Kinds that prey on a newcomer: without one they do nothing. */
const NEWCOMER_KINDS: readonly string[] = ['lying-sync', 'stale-sync', 'eclipse']

/** How each kind may be written. */
export const FAULT_FORMS: string = [...FAULT_KINDS, ...WIRE_KINDS]
  .map((kind) => (isSpell(kind) ? `${kind}, ${kind}(3s)` : kind))
  .join(', ')

/** Whether a name is that of a fault which every replica may have, a simulated one too. */
export function isFaultKind(kind: string): kind is FaultKind {
  return FAULT_KINDS.some((name) => name === kind)
}

export function isWireKind(kind: string): kind is WireKind {
  return WIRE_KINDS.some((name) => name === kind)
}

export function isSpell(kind: string): kind is (typeof SPELL_KINDS)[number] {
  return SPELL_KINDS.some((name) => name === kind)
}

export function needsNewcomer(kind: string): boolean {
  return NEWCOMER_KINDS.includes(kind)
}

const SPELL_FORM = /^([a-z]+)\((\d{1,3}(?:\.\d{1,3})?)s\)$/

/** "double-vote", or "crash(3s)" for a spell of three seconds; from the first epoch on. Null for what is none. */
export function parseFault(text: string): Fault | null {
  if (isFaultKind(text) || isWireKind(text)) {
    return { kind: text, fromEpoch: 1, spellMs: SPELL_MS_DEFAULT }
  }
  const [, kind = '', seconds] = SPELL_FORM.exec(text) ?? []
  const spellMs = Math.round(Number(seconds) * 1_000)
  const isIt = isSpell(kind) && spellMs > 0 && spellMs <= SPELL_MS_MAX
  return isIt ? { kind, fromEpoch: 1, spellMs } : null
}

export function formatFault({ kind, spellMs }: Fault): string {
  return isSpell(kind) && spellMs !== SPELL_MS_DEFAULT ? `${kind}(${spellMs / 1_000}s)` : kind
}
