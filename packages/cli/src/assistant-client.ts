import {
  type AssistantPort,
  type AssistantView,
  answerOutcomeSchema,
  assistantViewSchema,
} from '@commonweal/node/mcp'
import { ApiError, createNodeApi, type NodeApi } from './node-api.ts'
import { check } from './node-view.ts'
import { chooseNetwork, chooseNode } from './run-folder.ts'
import { CommandError } from './usage-error.ts'

export interface AssistantTarget {
  readonly data: string
  readonly network?: string
  /** Index or name; the first that asks an assistant where it is left out. */
  readonly node?: string
}

/** A node without an assistant answers so. */
const NOT_FOUND = 404

/**
 * The agent of a node on this machine, as its assistant sees it. The node is looked for when it is needed, and again when it
 * has gone: an assistant is often started before the network, and outlives it. The signal ends what is waited for.
 *
 * Errors  CommandError, UsageError
 */
export function createAssistantClient(
  target: AssistantTarget,
  signal?: AbortSignal,
): AssistantPort {
  let known: NodeApi | undefined

  async function ask(path: string, body: object): Promise<unknown> {
    if (known !== undefined) {
      const answered = await known.post(path, body, signal).catch(() => undefined)
      if (answered !== undefined) return answered
    }
    signal?.throwIfAborted()
    known = await findNode(target)
    return known.post(path, body, signal)
  }

  async function view(path: string, body: object): Promise<AssistantView> {
    return check(assistantViewSchema, path, await ask(path, body))
  }

  return {
    look: () => view(LOOK, {}),
    wait: (seconds) => view('/assistant/wait', { seconds }),
    async answer(question, reply) {
      const path = '/assistant/answer'
      return check(answerOutcomeSchema, path, await ask(path, { question, reply }))
    },
  }
}

const LOOK = '/assistant/look'

async function findNode({ data, network, node }: AssistantTarget): Promise<NodeApi> {
  const { record } = await chooseNetwork(data, network)
  const nodes = node === undefined ? record.nodes : [chooseNode(record, node)]
  let gone = 0
  for (const { api, dataFolder } of nodes) {
    const client = createNodeApi(api, dataFolder)
    const found = await client.post(LOOK).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== NOT_FOUND) gone += 1
        return false
      },
    )
    if (found) return client
  }
  const where = node === undefined ? record.name : `${node} of ${record.name}`
  throw new CommandError(
    gone === nodes.length
      ? `no node of ${where} answers; it has ended`
      : `no node of ${where} asks an assistant; start one with --agent assistant, or join with --assistant`,
  )
}
