import { type Genesis, genesisSchema } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { TOKEN_MICRO } from '../schema/atoms.ts'

/** What a test varies of a genesis; the rest has defaults that make phases short. */
export interface GenesisChoice {
  /** Fields of the document. */
  readonly genesis?: Readonly<Record<string, unknown>>
  /** Fields of its one instance, a commons called `commons`. */
  readonly instance?: Readonly<Record<string, unknown>>
  /** Agents that have a seat at the start, the first ones; all unless given. */
  readonly seated?: number
}

/** A genesis document for tests, as it is written: 1000 tokens of balance and 100 of bond for each agent. */
export function writeGenesis(
  agents: readonly AgentId[],
  { genesis = {}, instance = {}, seated = agents.length }: GenesisChoice = {},
): unknown {
  return {
    name: 'test',
    protocol: 1,
    consensus: {
      deltaMs: 100,
      blockIntervalMs: 50,
      retryMs: 200,
      viewGapMax: 32,
      validatorCountMax: 16,
    },
    epochs: {
      negotiateHeightsMax: 8,
      signalHeightsMax: 8,
      sealHeightsMax: 8,
      revealHeightsMax: 8,
      beaconHeightsMax: 8,
      unbondingEpochs: 3,
    },
    feePerByteMicro: 1,
    talkBondMinMicro: TOKEN_MICRO,
    turnHeightsMax: 6,
    faucet: {
      fundMicro: 100n * TOKEN_MICRO,
      grantMicro: 30n * TOKEN_MICRO,
      grantsPerEpochMax: 2,
      intervalEpochs: 2,
    },
    accounts: agents.map((agent, index) => ({
      agent,
      name: `agent ${index}`,
      balanceMicro: 1_000n * TOKEN_MICRO,
      bondMicro: 100n * TOKEN_MICRO,
    })),
    signalDigests: [],
    instances: [
      { id: 'commons', kind: 'commons', seats: agents.slice(0, seated), params: {}, ...instance },
    ],
    ...genesis,
  }
}

export function createGenesis(agents: readonly AgentId[], choice: GenesisChoice = {}): Genesis {
  return genesisSchema.parse(writeGenesis(agents, choice))
}
