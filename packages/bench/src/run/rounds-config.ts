import type { Policy, Prosociality } from '@commonweal/node/agent'
import {
  type AgentId,
  type Binding,
  type CommonsParams,
  type ContractMode,
  commons,
  type GameParams,
  type Genesis,
  game,
  type InstanceGenesis,
} from '@commonweal/protocol'

/** Who sits where, and how it plays. */
export interface SeatConfig {
  readonly agent: AgentId
  readonly policy: Policy
  readonly prosociality: Prosociality
}

/** One run without a network: what the genesis of an instance says, and the agents. */
export interface InstanceConfig {
  /** Id of the subnet instance, as terms name it. */
  readonly subnet: string
  readonly seats: readonly SeatConfig[]
  readonly contract: ContractMode
  readonly contractDelay: number
  readonly binding: Binding
  /** Signatures that form an agreement; null means ⌈4n/5⌉. */
  readonly quorum: number | null
  readonly turnsMax: number
  /** By seat: what it can set aside as collateral. Without it everybody has enough. */
  readonly fundsMicro?: readonly bigint[]
  /** [true] Whether there is talk about a round that a contract covers already. On a network whom it binds opens none. [EPO-3] */
  readonly renegotiates?: boolean
}

/** A run of a commons. */
export interface RoundsConfig extends InstanceConfig {
  readonly params: CommonsParams
  /** The one law that the agents bargain over, as the limit of a cap: "stock / 10"; null leaves them all of theirs. */
  readonly law: string | null
}

/** A run of a game. */
export interface GameConfig extends InstanceConfig {
  readonly params: GameParams
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
  return { ...shareOf(instance, plans), params: commons.paramsSchema.parse(instance.params), law }
}

/** The same for a game. Throws where its params are not those of one. */
export function gameConfigOfInstance(
  instance: InstanceGenesis,
  plans: readonly SeatPlan[],
): GameConfig {
  return { ...shareOf(instance, plans), params: game.paramsSchema.parse(instance.params) }
}

function shareOf(instance: InstanceGenesis, plans: readonly SeatPlan[]): InstanceConfig {
  const { id, seats, contract, contractDelay, binding, quorum, turnsMax } = instance
  if (plans.length !== seats.length) {
    throw new RangeError(`${plans.length} plans for ${seats.length} seats`)
  }
  return {
    subnet: id,
    seats: plans.flatMap((plan, seat) => {
      const agent = seats[seat]
      return agent === undefined ? [] : [{ ...plan, agent }]
    }),
    contract,
    contractDelay,
    binding,
    quorum,
    turnsMax,
  }
}

/** What each seat of an instance has when its network starts: what it can set aside as collateral. */
export function fundsOf({ accounts }: Genesis, { seats }: InstanceGenesis): readonly bigint[] {
  const balances = new Map(accounts.map(({ agent, balanceMicro }) => [agent, balanceMicro]))
  return seats.map((agent) => balances.get(agent) ?? 0n)
}
