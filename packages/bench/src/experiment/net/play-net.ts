import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  describeExit,
  type LocalAgent,
  type LocalNetwork,
  type LocalNode,
  launchLocalNetwork,
  type NewcomerReport,
  NewcomerTrial,
  OperationalError,
} from '@commonweal/node/local'
import { type Law, present } from '@commonweal/protocol'
import type { NetworkConditions } from '../experiment.ts'
import type { RunNetwork } from '../network-setup.ts'
import { carryOutFaults } from './carry-out-faults.ts'
import { readEvents } from './event-stream.ts'
import { type NodeView, viewNode } from './node-view.ts'
import type { Told } from './told-event.ts'

/** Longest that a run may take: some seconds a round, on a machine that does much besides. */
const RUN_MS_MAX = 600_000

export interface NetOptions<Event> {
  readonly network: Pick<RunNetwork, 'genesis'>
  readonly seed: string
  /** By seat. */
  readonly agents: readonly LocalAgent[]
  /** The limit of a cap that all bargain over, or a law that all propose; null leaves them theirs. */
  readonly law: string | Law | null
  readonly conditions: NetworkConditions
  /** What of all that a node tells is read; undefined for the rest. */
  readonly parse: (told: unknown) => Told<Event> | undefined
  /** The epoch that begins with it; null where none does. Asked of each once, in their order. */
  readonly epochOf: (event: Event) => number | null
  /** Whether the run ends with it; asked of each once, in their order. */
  readonly isLast: (event: Event) => boolean
}

/** - `node-ended`: a process ended during the run · `run-too-long` · `stream-ended`: a node stopped telling. */
export class NetRunError extends OperationalError<'node-ended' | 'run-too-long' | 'stream-ended'> {
  override readonly name = 'NetRunError'
}

/** What became of a run among processes. */
export interface NetReport<Event> {
  /** As one of those told them that keep the rules. */
  readonly events: readonly Told<Event>[]
  /** What each of those says at the end. */
  readonly views: readonly NodeView[]
  /** What became of a node that joined; null where no adversary preys on newcomers. */
  readonly newcomer: NewcomerReport | null
}

/**
 * Plays a network to the end of its run among real processes on this machine, and gives what they told.
 *
 * No process and no file is left when the promise is settled, however it is.
 * Errors  LaunchError, NetRunError; the reason of the signal where that aborts.
 */
export async function playNet<Event>(
  options: NetOptions<Event>,
  signal: AbortSignal,
): Promise<NetReport<Event>> {
  const folder = await mkdtemp(join(tmpdir(), 'commonweal-bench-'))
  const over = new AbortController()
  const { latencyMs, jitterMs, loss } = options.conditions
  let network: LocalNetwork | undefined
  try {
    network = await launchLocalNetwork({
      genesis: options.network.genesis,
      seed: options.seed,
      folder,
      agents: options.agents,
      law: options.law,
      links: { latencyMs, jitterMs, loss },
      signal,
      onEnd: (node, exit) => {
        over.abort(new NetRunError('node-ended', `${node.name} ${describeExit(exit)}`))
      },
    })
    const ending = AbortSignal.any([signal, over.signal, AbortSignal.timeout(RUN_MS_MAX)])
    const acts = carryOutFaults(network, options.conditions, ending).catch((error: unknown) => {
      if (!ending.aborted) over.abort(error)
    })
    const honest = honestNodes(network, options)
    const faults = options.agents.map(({ fault }) => fault ?? null)
    const newcomer = new NewcomerTrial({ network, faults, signal: ending })
    const events = await follow(present(honest[0], 'one node of a run stays'), ending, {
      ...options,
      onEpoch: (epoch) => newcomer.atEpoch(epoch),
    })
    const views = await Promise.all(honest.map((node) => viewNode(node, ending)))
    const report = { events, views, newcomer: await newcomer.report() }
    over.abort()
    await acts
    return report
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    await network?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Nodes that keep the rules and that no condition ends: they can be asked all the time. Where there are none, some other. */
function honestNodes(
  { nodes }: LocalNetwork,
  { agents, conditions }: Pick<NetOptions<never>, 'agents' | 'conditions'>,
): readonly LocalNode[] {
  const crashing = new Set(conditions.crashes.map(({ node }) => node))
  const staying = nodes.filter(({ index }) => !crashing.has(index))
  const honest = staying.filter(({ index }) => agents[index]?.fault === undefined)
  return honest.length > 0 ? honest : staying.slice(0, 1)
}

interface Following<Event> extends Pick<NetOptions<Event>, 'parse' | 'epochOf' | 'isLast'> {
  readonly onEpoch: (epoch: number) => void
}

/** What a node tells of its chain, from its first block to the end of the run. */
async function follow<Event>(
  { api }: LocalNode,
  signal: AbortSignal,
  { parse, epochOf, isLast, onEpoch }: Following<Event>,
): Promise<readonly Told<Event>[]> {
  const events: Told<Event>[] = []
  try {
    const response = await fetch(new URL('/events?after=0', api), {
      signal,
      headers: { accept: 'text/event-stream' },
    })
    for await (const told of readEvents(present(response.body, 'a stream has a body'))) {
      const placed = parse(told)
      if (placed === undefined) continue
      events.push(placed)
      const epoch = epochOf(placed.event)
      if (epoch !== null) onEpoch(epoch)
      if (isLast(placed.event)) return events
    }
  } catch (error) {
    if (!signal.aborted) throw error
    if (signal.reason instanceof OperationalError) throw signal.reason
    const sentence = `the run was not over after ${RUN_MS_MAX} ms`
    throw new NetRunError('run-too-long', sentence, { cause: error })
  }
  throw new NetRunError('stream-ended', 'the node stopped telling before the run was over')
}
