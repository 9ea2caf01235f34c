import type { Condition } from './experiment.ts'
import type { Fidelity } from './fidelity.ts'
import { rounds } from './rounds/rounds.ts'
import { sim } from './sim/sim.ts'

/** Every fidelity that can be run, by name. */
const fidelities: Partial<Record<Condition['fidelity'], Fidelity>> = { rounds, sim }

/** Names of the fidelities that can be run. */
export const FIDELITY_NAMES: readonly string[] = Object.keys(fidelities)

export function findFidelity(name: Condition['fidelity']): Fidelity | undefined {
  return fidelities[name]
}
