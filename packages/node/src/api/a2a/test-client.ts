import assert from 'node:assert/strict'
import { type Message, Role, type SendMessageRequest, type Task, TaskState } from '@a2a-js/sdk'
import {
  type Client,
  ClientFactory,
  createAuthenticatingFetchWithRetry,
  JsonRpcTransportFactory,
} from '@a2a-js/sdk/client'
import { present } from '@commonweal/protocol'
import { until } from '../../network/test-network.ts'

/** The official client, with a token. */
export function createClient(url: string, token: string): Promise<Client> {
  const fetchImpl = createAuthenticatingFetchWithRetry(fetch, {
    headers: async () => ({ authorization: `Bearer ${token}` }),
    shouldRetryWithHeaders: async () => undefined,
  })
  const transports = [new JsonRpcTransportFactory({ fetchImpl })]
  return new ClientFactory({ transports }).createFromUrl(url)
}

export interface Said {
  readonly text?: string
  readonly taskId?: string
  readonly returnImmediately?: boolean
}

let messageCount = 0

/** A request with a body as its data part. */
export function say(body: unknown, { text, taskId = '', ...rest }: Said = {}): SendMessageRequest {
  messageCount += 1
  const plain = { metadata: undefined, filename: '', mediaType: '' }
  const words =
    text === undefined ? [] : [{ ...plain, content: { $case: 'text' as const, value: text } }]
  return {
    tenant: '',
    metadata: undefined,
    configuration: {
      acceptedOutputModes: [],
      taskPushNotificationConfig: undefined,
      returnImmediately: rest.returnImmediately ?? false,
    },
    message: {
      messageId: `message-${messageCount}`,
      contextId: '',
      taskId,
      role: Role.ROLE_USER,
      parts: [...words, { ...plain, content: { $case: 'data', value: body } }],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    },
  }
}

/** The task that an answer is. */
export function taskOf(answer: Task | Message): Task {
  assert.ok('status' in answer, 'the answer is a task')
  return answer
}

export function stateNameOf(task: Task): string {
  return TaskState[present(task.status, 'a task has a status').state]
}

/** The data of what the agent said last. */
export function bodyOf(message: Message | undefined): Record<string, unknown> {
  for (const { content } of present(message, 'it has said something').parts) {
    if (content?.$case === 'data') return content.value
  }
  return assert.fail('the message has no data')
}

export function lastBodyOf(task: Task): Record<string, unknown> {
  return bodyOf(task.status?.message)
}

/** The code of the error that a call ends with. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof Error)
    const data = 'data' in error && Array.isArray(error.data) ? error.data : []
    return data[0]?.metadata?.code ?? error.message
  }
  return assert.fail('the call was answered')
}

/** A node answers ten requests a second of one client for as long as it likes. */
export const ASK_PAUSE_MS = 120

/** Asks for the task until it is in this state. */
export async function untilState(
  client: Client,
  id: string,
  state: TaskState,
  kind?: string,
): Promise<void> {
  await until(
    `the task is ${TaskState[state]}`,
    async () => {
      const task = await client.getTask({ tenant: '', id })
      const isThere = task.status?.state === state
      return isThere && (kind === undefined || lastBodyOf(task)['kind'] === kind)
    },
    ASK_PAUSE_MS,
  )
}
