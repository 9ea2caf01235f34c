import { randomUUID } from 'node:crypto'
import { type Artifact, type Message, type StreamResponse, type Task, TaskState } from '@a2a-js/sdk'
import { TaskNotFoundError, UnsupportedOperationError } from '@a2a-js/sdk/errors'
import { present } from '@commonweal/protocol'
import type { ClockPort } from '../../ports.ts'
import { trimMessage } from './body.ts'
import { agentMessage, type Saying } from './saying.ts'

/** Tasks of one client, and of all, that are not over. */
export const CLIENT_TASKS_OPEN_MAX = 4
export const TASKS_OPEN_MAX = 16
/** Tasks of one client that are remembered, the open ones among them; the oldest that is over goes first. */
export const CLIENT_TASKS_KEPT_MAX = 16
/** After so long a task that is not over ends. */
export const TASK_LIFE_MS: number = 30 * 60_000
/** Streams that follow one task. */
export const FOLLOWERS_MAX = 8

const OVER: readonly TaskState[] = [
  TaskState.TASK_STATE_COMPLETED,
  TaskState.TASK_STATE_FAILED,
  TaskState.TASK_STATE_CANCELED,
  TaskState.TASK_STATE_REJECTED,
]

/** A task, and who follows it. */
export interface BoardTask {
  readonly client: string
  readonly task: Task
  readonly followers: Set<(response: StreamResponse) => void>
  callOffLife: () => void
}

export function isOver({ task }: BoardTask): boolean {
  return OVER.includes(stateOf(task))
}

/** Whether nothing happens before the client says something, or ever. */
export function isAtRest(entry: BoardTask): boolean {
  return isOver(entry) || stateOf(entry.task) === TaskState.TASK_STATE_INPUT_REQUIRED
}

export function stateOf(task: Task): TaskState {
  return present(task.status, 'a task has a status').state
}

/** The tasks of all clients, bounded in number and life. A client sees its own alone. */
export class TaskBoard {
  readonly #clock: ClockPort
  readonly #entries = new Map<string, BoardTask>()

  /** @param signal aborts when the node stops: nothing waits for the end of a life then. */
  constructor(clock: ClockPort, signal: AbortSignal) {
    this.#clock = clock
    signal.addEventListener('abort', () => {
      for (const { callOffLife } of this.#entries.values()) callOffLife()
    })
  }

  /** Errors  UnsupportedOperationError 'too-many-tasks' */
  open(client: string, message: Message, onLifeOver: (entry: BoardTask) => void): BoardTask {
    const open = [...this.#entries.values()].filter((entry) => !isOver(entry))
    const own = open.filter((entry) => entry.client === client)
    if (own.length >= CLIENT_TASKS_OPEN_MAX || open.length >= TASKS_OPEN_MAX) {
      throw new UnsupportedOperationError({
        message: `${own.length} tasks of yours and ${open.length} of all are open; accepted: ${CLIENT_TASKS_OPEN_MAX} and ${TASKS_OPEN_MAX}`,
        metadata: { code: 'too-many-tasks' },
      })
    }
    this.#forgetOldest(client)
    const id = randomUUID()
    const contextId = message.contextId === '' ? randomUUID() : message.contextId
    const task: Task = {
      id,
      contextId,
      status: {
        state: TaskState.TASK_STATE_SUBMITTED,
        message: undefined,
        timestamp: this.#timestamp(),
      },
      artifacts: [],
      history: [trimMessage(message, { taskId: id, contextId })],
      metadata: undefined,
    }
    const entry: BoardTask = { client, task, followers: new Set(), callOffLife: () => {} }
    entry.callOffLife = this.#clock.alarm(TASK_LIFE_MS, () => onLifeOver(entry))
    this.#entries.set(id, entry)
    return entry
  }

  /** Errors  TaskNotFoundError */
  get(client: string, id: string): BoardTask {
    const entry = this.#entries.get(id)
    if (entry !== undefined && entry.client === client) return entry
    throw new TaskNotFoundError({
      message: 'you have no such task',
      metadata: { code: 'unknown-task' },
    })
  }

  /** Newest first. */
  list(client: string): readonly Task[] {
    const own = [...this.#entries.values()].filter((entry) => entry.client === client)
    return own.map(({ task }) => task).toReversed()
  }

  /** What the client says in a task that is open. */
  hear({ task }: BoardTask, message: Message): void {
    task.history.push(trimMessage(message, { taskId: task.id, contextId: task.contextId }))
  }

  /** Moves a task to a state, and tells its followers. */
  say(entry: BoardTask, state: TaskState, saying: Saying | null, artifact?: Artifact): void {
    const { task, followers } = entry
    const { id: taskId, contextId } = task
    if (artifact !== undefined) {
      task.artifacts.push(artifact)
      const update = { taskId, contextId, artifact, append: false, lastChunk: true }
      const value = { ...update, metadata: undefined }
      for (const follow of followers) follow({ payload: { $case: 'artifactUpdate', value } })
    }
    const message = saying === null ? undefined : agentMessage(saying, { taskId, contextId })
    if (message !== undefined) task.history.push(message)
    const status = { state, message, timestamp: this.#timestamp() }
    task.status = status
    if (isOver(entry)) entry.callOffLife()
    const value = { taskId, contextId, status, metadata: undefined }
    for (const follow of followers) follow({ payload: { $case: 'statusUpdate', value } })
  }

  /** Returns what ends the following. Errors  UnsupportedOperationError 'too-many-followers' */
  follow({ followers }: BoardTask, follower: (response: StreamResponse) => void): () => void {
    if (followers.size >= FOLLOWERS_MAX) {
      throw new UnsupportedOperationError({
        message: `${followers.size} requests follow this task; accepted: ${FOLLOWERS_MAX}`,
        metadata: { code: 'too-many-followers' },
      })
    }
    followers.add(follower)
    return () => followers.delete(follower)
  }

  #forgetOldest(client: string): void {
    const own = [...this.#entries.values()].filter((entry) => entry.client === client)
    if (own.length < CLIENT_TASKS_KEPT_MAX) return
    const oldest = own.find(isOver)
    if (oldest !== undefined) this.#entries.delete(oldest.task.id)
  }

  #timestamp(): string {
    return new Date(this.#clock.nowMs()).toISOString()
  }
}
