import {
  formatPolicy,
  type PluginConfigFile,
  type Policy,
  type Prosociality,
} from '@commonweal/node/agent'
import { formatWeight } from '@commonweal/node/local'
import { commonsParamsSchema, type InstanceGenesis } from '@commonweal/protocol'
import { getStatus, type StatusView } from '../node-view.ts'
import type { Style } from '../output.ts'
import { describeProgress } from '../progress-line.ts'
import { factsOf, formatStatus } from '../status-line.ts'
import type { JoinHand, JoinPart } from './join-part.ts'

/** What decides for the seat. */
export interface SeatPlan {
  readonly policy: Policy
  /** A language model in the place of the policy; null for none. */
  readonly model: string | null
  /** Whether an assistant outside decides, the policy standing in for it. */
  readonly assistant: boolean
  /** A file of the operator's own in the place of the policy; null for none. */
  readonly plugin: PluginConfigFile | null
  /** Null is λ = 0. */
  readonly prosociality: Prosociality | null
}

/** Takes a seat in a commons or a game, and plays a run in it. */
export function createCommonsPart(
  instance: InstanceGenesis,
  { policy, model, assistant, plugin, prosociality }: SeatPlan,
  style: Style,
): JoinPart {
  const { id } = instance
  const params = commonsParamsSchema.safeParse(instance.params).data
  const runOf = (status: StatusView) => status.instances.find((one) => one.id === id)
  return {
    agent: {
      policy: formatPolicy(policy),
      prosociality: prosociality === null ? '0' : formatWeight(prosociality),
      model: model === null ? null : { name: model },
      assistant: assistant ? {} : null,
      plugin,
    },
    neededMicro: instance.seatBondMicro,
    async takePart(hand) {
      await takeSeat(hand, id)
      await playRun(hand, instance)
    },
    statusLine(status) {
      const facts = runOf(status) && factsOf(status, params)
      return facts && formatStatus(facts, style)
    },
    progressLine: (event) => (params === undefined ? undefined : describeProgress(event, params)),
    async withdraw(account) {
      await account.send({ kind: 'leave', subnet: id })
    },
  }
}

async function takeSeat(hand: JoinHand, id: string): Promise<void> {
  hand.begin('seated')
  const now = await getStatus(hand.api)
  const run = now.instances.find((one) => one.id === id)
  const isSeated = [...(run?.seats ?? []), ...(run?.joining ?? [])].includes(hand.agent)
  if (!isSeated) await hand.send({ kind: 'seat', subnet: id })
  hand.status(`a seat from the next run on; run ${run?.run ?? '?'} is under way`)
  const seated = await hand.until(
    (status) => status.instances.find((one) => one.id === id)?.seats.includes(hand.agent) ?? false,
  )
  const own = seated.instances.find((one) => one.id === id)
  hand.done('seated', `seat ${own?.seats.indexOf(hand.agent) ?? '?'} of ${id}, run ${own?.run}`)
}

async function playRun(hand: JoinHand, { id, kind }: InstanceGenesis): Promise<void> {
  hand.begin('run')
  const status = await getStatus(hand.api)
  const run = status.instances.find((one) => one.id === id)?.run
  await hand.until(() =>
    hand
      .events()
      .some((event) => event.kind === 'run-ended' && event.subnet === id && event.run === run),
  )
  const rows = hand
    .events()
    .flatMap((event) => (event.kind === 'round-settled' && event.run === run ? [event.row] : []))
  const caught = rows.reduce((sum, row) => sum + row.catchTotal, 0)
  const words = kind === 'commons' ? `: ${caught} units were caught` : ''
  hand.done('run', `run ${run} settled with this node seated${words}`)
}
