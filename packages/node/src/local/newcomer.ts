import { setTimeout as sleep } from 'node:timers/promises'
import { agentIdSchema } from '@commonweal/protocol'
import { z } from 'zod'
import { type Fault, needsNewcomer } from '../adversary/kinds.ts'
import type { OffenderView } from '../peer-faults.ts'
import { LaunchError } from './local-process.ts'
import type { LocalNetwork } from './running-network.ts'

/** From this epoch on there is a chain that a newcomer could be told lies about. */
const NEWCOMER_EPOCH = 3

/** How long a newcomer may take to be as far as the others were when it came. */
const FOLLOW_MS_MAX = 20_000
const LOOK_MS = 100

/** What became of a node that joined a network with adversaries. */
export interface NewcomerReport {
  /** It has the chain as far as the others had it when it came; it says that it cannot join; it stays behind. */
  readonly status: 'follows' | 'refuses' | 'behind'
  /** Of the last final block that it has. */
  readonly height: number
  /** Why it refuses, in its own words; null where it does not. */
  readonly sentence: string | null
  readonly offenders: readonly OffenderView[]
}

const statusSchema: z.ZodType<Omit<NewcomerReport, 'status' | 'sentence'>, unknown> = z
  .object({
    finalHeight: z.int(),
    offenders: z.array(
      z.object({
        peerId: z.string(),
        agent: agentIdSchema.nullable(),
        reputation: z.number(),
        isBanned: z.boolean(),
        codes: z.record(z.string(), z.int()),
      }),
    ),
  })
  .transform(({ finalHeight: height, offenders }) => ({ height, offenders }))

export interface NewcomerOptions {
  readonly network: LocalNetwork
  /** By node; null for one that keeps the rules. */
  readonly faults: readonly (Pick<Fault, 'kind'> | null)[]
  readonly signal: AbortSignal
}

/** Has one newcomer join a network with adversaries that prey on newcomers, as soon as there is a chain to lie about. */
export class NewcomerTrial {
  readonly #options: NewcomerOptions
  #report: Promise<NewcomerReport | null> | undefined

  constructor(options: NewcomerOptions) {
    this.#options = options
  }

  /** The network is in an epoch. */
  atEpoch(epoch: number): void {
    if (epoch < NEWCOMER_EPOCH || this.#report !== undefined) return
    this.#report = this.#run()
    // Whoever asks for the report learns of it.
    this.#report.catch(() => undefined)
  }

  /** Null where nobody preys on newcomers, or the signal aborted. A newcomer that has not come yet comes at once. */
  report(): Promise<NewcomerReport | null> {
    this.#report ??= this.#run()
    return this.#report
  }

  async #run(): Promise<NewcomerReport | null> {
    const { network, faults, signal } = this.#options
    const isPrey = faults.some((fault) => fault !== null && needsNewcomer(fault.kind))
    const host = network.nodes.find(({ index }) => (faults[index] ?? null) === null)
    if (!isPrey || host === undefined) return null
    try {
      return await sendNewcomer(network, host.api, signal)
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
  }
}

/** Has a newcomer join, and looks whether it comes as far as a node that keeps the rules, at `api`, had come before. */
async function sendNewcomer(
  network: LocalNetwork,
  api: string,
  signal: AbortSignal,
): Promise<NewcomerReport> {
  const goal = await ask(api)
  try {
    const newcomer = await network.addNewcomer()
    const limit = AbortSignal.any([signal, AbortSignal.timeout(FOLLOW_MS_MAX)])
    return await follow(newcomer.api, goal.height, limit)
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    return { status: 'refuses', height: 0, sentence: error.message, offenders: [] }
  }
}

async function follow(api: string, goal: number, signal: AbortSignal): Promise<NewcomerReport> {
  for (;;) {
    const { height, offenders } = await ask(api)
    const isThere = height >= goal
    if (isThere || signal.aborted) {
      return { status: isThere ? 'follows' : 'behind', height, sentence: null, offenders }
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function ask(api: string): Promise<Omit<NewcomerReport, 'status' | 'sentence'>> {
  const response = await fetch(new URL('/status', api))
  return statusSchema.parse(await response.json())
}
