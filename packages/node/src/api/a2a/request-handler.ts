import {
  type AgentCard,
  type CancelTaskRequest,
  type GetTaskRequest,
  type ListTasksRequest,
  type ListTasksResponse,
  type Message,
  type SendMessageRequest,
  type StreamResponse,
  type SubscribeToTaskRequest,
  type Task,
  TaskState,
} from '@a2a-js/sdk'
import {
  ExtendedAgentCardNotConfiguredError,
  PushNotificationNotSupportedError,
  RequestMalformedError,
  TaskNotCancelableError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors'
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server'
import { invariant, present } from '@commonweal/protocol'
import type { OutsideParts } from '../../outside/outside-parts.ts'
import type { ApiSource } from '../source.ts'
import { readBody } from './body.ts'
import type { OutsideClients } from './clients.ts'
import { describeAccepted, describeSituation } from './look.ts'
import { type NegotiationBody, NegotiationTask } from './negotiation-task.ts'
import { agentMessage } from './saying.ts'
import { type BoardTask, isAtRest, isOver, TaskBoard } from './task-board.ts'

/** Under this name a call's state has the signal that its client has gone. */
export const GONE = 'gone'

/** Answers that fit one page of a list: a client has no more tasks than that. */
const PAGE_SIZE_MAX = 100

/** What the official transport asks for, answered by this node's agent. */
export class OutsideRequestHandler implements A2ARequestHandler {
  readonly #parts: OutsideParts
  readonly #source: ApiSource
  readonly #card: AgentCard
  readonly #clients: OutsideClients
  readonly #board: TaskBoard
  readonly #negotiations = new WeakMap<BoardTask, NegotiationTask>()

  constructor(parts: OutsideParts, source: ApiSource, card: AgentCard, clients: OutsideClients) {
    this.#parts = parts
    this.#source = source
    this.#card = card
    this.#clients = clients
    this.#board = new TaskBoard(parts.clock, parts.signal)
  }

  async getAgentCard(): Promise<AgentCard> {
    return this.#card
  }

  async getAuthenticatedExtendedAgentCard(): Promise<AgentCard> {
    throw new ExtendedAgentCardNotConfiguredError()
  }

  async sendMessage(
    { message, configuration }: SendMessageRequest,
    context: ServerCallContext,
  ): Promise<Message | Task> {
    const heard = this.#hear(message, clientOf(context))
    if ('messageId' in heard) return heard
    if (configuration?.returnImmediately !== true) await this.#rest(heard, goneOf(context))
    return copyTask(heard, configuration?.historyLength)
  }

  async *sendMessageStream(
    { message, configuration }: SendMessageRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const heard = this.#hear(message, clientOf(context))
    if ('messageId' in heard) yield { payload: { $case: 'message', value: heard } }
    else yield* this.#stream(heard, goneOf(context), configuration?.historyLength)
  }

  async getTask({ id, historyLength }: GetTaskRequest, context: ServerCallContext): Promise<Task> {
    return copyTask(this.#board.get(clientOf(context), id), historyLength)
  }

  async cancelTask({ id }: CancelTaskRequest, context: ServerCallContext): Promise<Task> {
    const entry = this.#board.get(clientOf(context), id)
    const isCanceled = entry.task.status?.state === TaskState.TASK_STATE_CANCELED
    if (!isCanceled && (isOver(entry) || !this.#negotiationOf(entry).cancel())) {
      const code = isOver(entry) ? 'task-over' : 'already-proposed'
      throw new TaskNotCancelableError({
        message: `the task cannot be canceled: ${code}`,
        metadata: { code },
      })
    }
    return copyTask(entry, undefined)
  }

  async *resubscribe(
    { id }: SubscribeToTaskRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const entry = this.#board.get(clientOf(context), id)
    if (isOver(entry)) throw unsupported('task-over', 'the task is over')
    yield* this.#stream(entry, goneOf(context), undefined)
  }

  async listTasks(
    request: ListTasksRequest,
    context: ServerCallContext,
  ): Promise<ListTasksResponse> {
    const { contextId, status, statusTimestampAfter, historyLength } = request
    const pageSize = request.pageSize ?? PAGE_SIZE_MAX
    if (request.pageToken !== '' || pageSize < 1 || pageSize > PAGE_SIZE_MAX) {
      throw malformed('malformed-page', `accepted: a page of 1 to ${PAGE_SIZE_MAX}, and no token`)
    }
    const after = statusTimestampAfter ?? ''
    const matching = this.#board
      .list(clientOf(context))
      .filter((task) => contextId === '' || task.contextId === contextId)
      .filter(
        (task) => status === TaskState.TASK_STATE_UNSPECIFIED || task.status?.state === status,
      )
      .filter((task) => (task.status?.timestamp ?? '') > after)
    const tasks = matching.slice(0, pageSize).map((task) => {
      const copy = limitHistory(structuredClone(task), historyLength)
      return request.includeArtifacts === true ? copy : { ...copy, artifacts: [] }
    })
    return { tasks, nextPageToken: '', pageSize, totalSize: matching.length }
  }

  async createTaskPushNotificationConfig(): Promise<never> {
    throw new PushNotificationNotSupportedError()
  }

  async getTaskPushNotificationConfig(): Promise<never> {
    throw new PushNotificationNotSupportedError()
  }

  async listTaskPushNotificationConfigs(): Promise<never> {
    throw new PushNotificationNotSupportedError()
  }

  async deleteTaskPushNotificationConfig(): Promise<never> {
    throw new PushNotificationNotSupportedError()
  }

  /** The task that a message opens or goes on with; or an answer, where it asks for nothing that takes time. */
  #hear(message: Message | undefined, client: string): BoardTask | Message {
    if (message === undefined) throw malformed('malformed-message', 'there is no message')
    const body = readBody(message)
    if (body === null || body.kind === 'look') {
      const saying =
        body === null ? describeAccepted() : describeSituation(this.#source, this.#parts.id)
      return agentMessage(saying, { taskId: '', contextId: message.contextId })
    }
    return message.taskId === ''
      ? this.#open(message, body, client)
      : this.#goOn(message, body, client)
  }

  #open(message: Message, body: NegotiationBody, client: string): BoardTask {
    if (body.kind === 'accept-proposal') {
      throw malformed('nothing-to-accept', 'a task begins with cfp or propose')
    }
    this.#letThink(client)
    const entry = this.#board.open(client, message, (late) => this.#negotiationOf(late).expire())
    const negotiation = new NegotiationTask(
      this.#parts,
      this.#source,
      this.#board,
      entry,
      body.subnet,
    )
    this.#negotiations.set(entry, negotiation)
    negotiation.hear(body)
    return entry
  }

  #goOn(message: Message, body: NegotiationBody, client: string): BoardTask {
    const entry = this.#board.get(client, message.taskId)
    if (isOver(entry)) throw unsupported('task-over', 'the task is over')
    if (message.contextId !== '' && message.contextId !== entry.task.contextId) {
      throw malformed('another-context', 'the task is of another context')
    }
    const negotiation = this.#negotiationOf(entry)
    const problem = negotiation.findProblem(body)
    if (problem !== undefined) throw unsupported(problem, `not heard in this task: ${problem}`)
    if (body.kind !== 'accept-proposal') this.#letThink(client)
    this.#board.hear(entry, message)
    negotiation.hear(body)
    return entry
  }

  #letThink(client: string): void {
    if (this.#clients.mayMakeThink(client)) return
    throw unsupported('too-fast', 'the agent is asked faster than it may be: wait some seconds')
  }

  #negotiationOf(entry: BoardTask): NegotiationTask {
    return present(this.#negotiations.get(entry), 'every task is a negotiation')
  }

  async #rest(entry: BoardTask, gone: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const unfollow = this.#board.follow(entry, () => {
      if (isAtRest(entry)) resolve()
    })
    gone.addEventListener('abort', () => resolve(), { once: true })
    if (isAtRest(entry) || gone.aborted) resolve()
    await promise.finally(unfollow)
  }

  /** The task as it is, and all that happens until nothing more does by itself. */
  async *#stream(
    entry: BoardTask,
    gone: AbortSignal,
    historyLength: number | undefined,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const waiting: StreamResponse[] = []
    let wake = (): void => {}
    const unfollow = this.#board.follow(entry, (response) => {
      waiting.push(response)
      wake()
    })
    gone.addEventListener('abort', () => wake(), { once: true })
    try {
      yield { payload: { $case: 'task', value: copyTask(entry, historyLength) } }
      while (!gone.aborted) {
        const response = waiting.shift()
        if (response !== undefined) yield response
        else if (isAtRest(entry)) return
        else await new Promise<void>((resume) => (wake = resume))
      }
    } finally {
      unfollow()
    }
  }
}

function clientOf({ user }: ServerCallContext): string {
  invariant(user?.isAuthenticated === true, 'who has no token does not get here')
  return user.userName
}

function goneOf({ state }: ServerCallContext): AbortSignal {
  const gone = state.get(GONE)
  invariant(gone instanceof AbortSignal, 'every call has the signal of its client')
  return gone
}

function copyTask({ task }: BoardTask, historyLength: number | undefined): Task {
  return limitHistory(structuredClone(task), historyLength)
}

function limitHistory(task: Task, length: number | undefined): Task {
  if (length === undefined) return task
  return { ...task, history: length <= 0 ? [] : task.history.slice(-length) }
}

function malformed(code: string, message: string): Error {
  return new RequestMalformedError({ message, metadata: { code } })
}

function unsupported(code: string, message: string): Error {
  return new UnsupportedOperationError({ message, metadata: { code } })
}
