import type { SvoClass } from '../prosocial.ts'
import { idealThetas } from './preference.ts'
import { TEXT_ATTACK_NAMES, type TextAttackName } from './text/text-attack.ts'

/** Who plays against the others: for its own gain, or for what it wants of others. */
export type AdversaryPolicy =
  | { readonly name: LoneAdversary }
  | { readonly name: RingAdversary; readonly seats: readonly number[] }
  | { readonly name: 'svo'; readonly thetaDeg: number }

/** Acts by itself. */
export type LoneAdversary =
  | 'hold-out'
  | 'free-rider'
  | 'over-harvester'
  | 'defector'
  | 'low-baller'
  | 'griefer'
  | TextAttackName
/** Acts with other seats, which it knows; its own is among them. */
export type RingAdversary = 'colluder' | 'sybil' | 'washer'

const ECONOMIC: readonly LoneAdversary[] = [
  'hold-out',
  'free-rider',
  'over-harvester',
  'defector',
  'low-baller',
  'griefer',
]
const LONE: readonly LoneAdversary[] = [...ECONOMIC, ...TEXT_ATTACK_NAMES]
const RINGS: readonly RingAdversary[] = ['colluder', 'sybil', 'washer']

/** Their names by what they work with, for help texts. */
export const ADVERSARIES_BY_LAYER: Readonly<
  Record<'economic' | 'text' | 'preference', readonly string[]>
> = {
  economic: [...ECONOMIC, ...RINGS],
  text: TEXT_ATTACK_NAMES,
  preference: [...Object.keys(idealThetas), 'svo(-20)'],
}
/** All of them. */
export const ADVERSARY_NAMES: string = [...LONE, ...RINGS, ...Object.keys(idealThetas)].join(', ')

export const ADVERSARY_FORMS: string = `${LONE.join(', ')}, ${RINGS.map((name) => `${name}(1+3)`).join(', ')}, ${Object.keys(idealThetas).join(', ')}, svo(-20)`

const RING_FORM = /^([a-z]+)\((\d{1,3}(?:\+\d{1,3})*)\)$/
const SVO_FORM = /^svo\((-?\d{1,2}(?:\.\d{1,2})?)\)$/

/** "free-rider", "colluder(1+3)" for a ring of the seats 1 and 3, "competitive", "svo(-20)" for θ = −20°. */
export function parseAdversary(text: string): AdversaryPolicy | null {
  const lone = LONE.find((name) => name === text)
  if (lone !== undefined) return { name: lone }
  const ideal = findIdeal(text)
  if (ideal !== undefined) return { name: 'svo', thetaDeg: idealThetas[ideal] }
  const [, angle] = SVO_FORM.exec(text) ?? []
  if (angle !== undefined) return { name: 'svo', thetaDeg: Number(angle) }

  const [, name, list] = RING_FORM.exec(text) ?? []
  const ring = RINGS.find((known) => known === name)
  if (ring === undefined || list === undefined) return null
  const seats = list.split('+').map(Number)
  return new Set(seats).size === seats.length ? { name: ring, seats } : null
}

export function formatAdversary(policy: AdversaryPolicy): string {
  if (policy.name === 'svo') {
    const ideal = Object.keys(idealThetas)
      .filter(isIdeal)
      .find((name) => idealThetas[name] === policy.thetaDeg)
    return ideal ?? `svo(${policy.thetaDeg})`
  }
  return 'seats' in policy ? `${policy.name}(${policy.seats.join('+')})` : policy.name
}

export function isAdversary(policy: { readonly name: string }): policy is AdversaryPolicy {
  const { name } = policy
  return name === 'svo' || LONE.some((lone) => lone === name) || isRingAdversary(name)
}

/** Whether a name is that of an adversary who acts with other seats. */
export function isRingAdversary(name: string): name is RingAdversary {
  return RINGS.some((ring) => ring === name)
}

function findIdeal(text: string): SvoClass | undefined {
  return isIdeal(text) ? text : undefined
}

function isIdeal(text: string): text is SvoClass {
  return Object.hasOwn(idealThetas, text)
}
