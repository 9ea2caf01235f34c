import { type AgentId, headOf, instances, type Ledger, runs } from '@commonweal/protocol'
import type { Hono } from 'hono'
import { z } from 'zod'
import type { AssistantSeat } from '../agent/assistant/assistant-agent.ts'
import type { AssistantView } from '../agent/assistant/assistant-view.ts'
import type { NodeStatus } from '../node-status.ts'
import { createSituation } from '../situation.ts'
import { answer, malformed, missing, readBody } from './answer.ts'

/** What is known of the node, and where its assistant answers; undefined where it has none. */
export interface AssistantSource {
  readonly assistant?: AssistantSeat | undefined
  status(): Pick<NodeStatus, 'agent' | 'epoch' | 'phase'>
  ledger(): Ledger
}

/**
 * Where an assistant outside decides for the node's agent. All of it is asked by POST, which needs the node's token: what an
 * agent is asked is not for everybody on the machine.
 */
export function addAssistant(app: Hono, source: AssistantSource): void {
  const { assistant } = source
  app.post('/assistant/look', (context) =>
    assistant === undefined
      ? missing(context, 'no-assistant')
      : answer(context, viewAssistant(source, assistant)),
  )
  app.post('/assistant/wait', async (context) => {
    if (assistant === undefined) return missing(context, 'no-assistant')
    const body = await readBody(context, waitSchema)
    if (body === undefined) return malformed(context)
    await assistant.wait(body.seconds * 1_000)
    return answer(context, viewAssistant(source, assistant))
  })
  app.post('/assistant/answer', async (context) => {
    if (assistant === undefined) return missing(context, 'no-assistant')
    const body = await readBody(context, answerSchema)
    if (body === undefined) return malformed(context)
    const outcome = await assistant.answer(body.question, body.reply)
    return answer(context, outcome, outcome.status === 'accepted' ? 200 : 409)
  })
}

const waitSchema: z.ZodType<{ readonly seconds: number }, unknown> = z.strictObject({
  seconds: z.number().min(0).max(60),
})

const answerSchema: z.ZodType<{ readonly question: string; readonly reply: unknown }, unknown> =
  z.strictObject({ question: z.string().max(64), reply: z.unknown() })

function viewAssistant(source: AssistantSource, assistant: AssistantSeat): AssistantView {
  const { agent, epoch, phase } = source.status()
  const situations = describeSeats(source.ledger(), agent, assistant)
  return { agent, epoch, phase, ...assistant.view(), situations }
}

/** Where each instance stands in which the agent has a seat. */
function describeSeats(
  ledger: Ledger,
  agent: AgentId,
  assistant: AssistantSeat,
): AssistantView['situations'] {
  const { epoch } = headOf(ledger)
  return [...instances.entries(ledger)].flatMap(([subnet]) => {
    const run = runs.find(ledger, subnet)
    const seat = run?.seats.indexOf(agent) ?? -1
    if (run === undefined || seat < 0) return []
    const situation = createSituation(ledger, { kind: 'act', subnet, epoch, seat })
    if (situation === undefined) return []
    const words = assistant.describe(situation)
    const ended = run.status === 'ended' ? `Run ${run.run} has ended.\n` : ''
    return [{ subnet, words: `You have seat ${seat} of ${run.seats.length}.\n${ended}${words}` }]
  })
}
