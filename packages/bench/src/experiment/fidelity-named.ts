import type { Condition } from './experiment.ts'
import type { Fidelity } from './fidelity.ts'
import { net } from './net/net.ts'
import { rounds } from './rounds/rounds.ts'
import { sim } from './sim/sim.ts'

const fidelities: Record<Condition['fidelity'], Fidelity> = { rounds, sim, net }

export function findFidelity(name: Condition['fidelity']): Fidelity {
  return fidelities[name]
}
