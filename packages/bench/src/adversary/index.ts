/** What adversaries of a commons gain by it, and what they cost the others. */

export type { ContractCondition, Mix } from './attack-world.ts'
export { ATTACKERS, type Attacker } from './attackers.ts'
export {
  type AttackCell,
  type MatrixOptions,
  MIXES,
  measureAttackMatrix,
  type NamedMix,
} from './deviation-gain.ts'
export { drawSvoPolicies, SVO_RANGES } from './svo-population.ts'
