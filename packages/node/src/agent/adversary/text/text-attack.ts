/** Attacks by words, one a file. */
export const TEXT_ATTACK_NAMES = [
  'authority',
  'social-proof',
  'loss-aversion',
  'control-claim',
  'injection',
  'strong-injection',
  'self-replicating-note',
] as const
export type TextAttackName = (typeof TEXT_ATTACK_NAMES)[number]

/** What the words of an attack are to bring about. */
export interface Aim {
  /** The seat that attacks. */
  readonly seat: number
  readonly seats: number
}

/** The words beside terms that give the attacker everything. */
export type TextAttack = (aim: Aim) => string
