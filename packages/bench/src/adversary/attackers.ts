/** An adversary of a commons, as a measurement seats it. */
export interface Attacker {
  /** Name of its policy. */
  readonly name: string
  /** How many seats it has. */
  readonly seatCount: number
  /** How many seats the same stake has where it is honest: one name, for an owner of several. */
  readonly honestSeatCount: number
}

/** Every adversary of its own gain. */
export const ATTACKERS: readonly Attacker[] = [
  ...['hold-out', 'free-rider', 'over-harvester', 'defector', 'low-baller', 'griefer'].map(lone),
  { name: 'colluder', seatCount: 2, honestSeatCount: 2 },
  { name: 'sybil', seatCount: 2, honestSeatCount: 1 },
  { name: 'washer', seatCount: 1, honestSeatCount: 1 },
  lone('competitive'),
]

const RING_NAMES: readonly string[] = ['colluder', 'sybil', 'washer']

/** The policy of each of its seats: those of a ring know one another. */
export function policyOf({ name }: Attacker, seats: readonly number[]): string {
  return RING_NAMES.includes(name) ? `${name}(${seats.join('+')})` : name
}

function lone(name: string): Attacker {
  return { name, seatCount: 1, honestSeatCount: 1 }
}
