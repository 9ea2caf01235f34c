import type { Policy, Prosociality } from '@commonweal/node/agent'
import {
  type AgentId,
  type Binding,
  type CommonsParams,
  type ContractMode,
  commons,
  type InstanceGenesis,
} from '@commonweal/protocol'

/** Who sits where, and how it plays. */
export interface SeatConfig {
  readonly agent: AgentId
  readonly policy: Policy
  readonly prosociality: Prosociality
}

/** One run of a commons without a network: what the genesis of one says, and the agents. */
export interface RoundsConfig {
  /** Id of the subnet instance, as terms name it. */
  readonly subnet: string
  readonly params: CommonsParams
  readonly seats: readonly SeatConfig[]
  readonly contract: ContractMode
  readonly contractDelay: number
  readonly binding: Binding
  /** Signatures that form an agreement; null means ⌈4n/5⌉. */
  readonly quorum: number | null
  readonly turnsMax: number
  /** The one law that the agents bargain over, as the limit of a cap: "stock / 10"; null leaves them all of theirs. */
  readonly law: string | null
}

/** How each seat of an instance plays, in the order of its seats. */
export interface SeatPlan {
  readonly policy: Policy
  readonly prosociality: Prosociality
}

/** The config of the first run of an instance of a genesis. Throws where its params are not those of a commons. */
export function configOfInstance(
  instance: InstanceGenesis,
  plans: readonly SeatPlan[],
  law: string | null,
): RoundsConfig {
  const { id, seats, contract, contractDelay, binding, quorum, turnsMax } = instance
  if (plans.length !== seats.length) {
    throw new RangeError(`${plans.length} plans for ${seats.length} seats`)
  }
  return {
    subnet: id,
    params: commons.paramsSchema.parse(instance.params),
    seats: plans.flatMap((plan, seat) => {
      const agent = seats[seat]
      return agent === undefined ? [] : [{ ...plan, agent }]
    }),
    contract,
    contractDelay,
    binding,
    quorum,
    turnsMax,
    law,
  }
}
