import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The program of the `commonweal` command. */
export const MAIN: string = fileURLToPath(
  new URL('../../packages/cli/src/main.ts', import.meta.url),
)

/** One `commonweal` command as a process, as a person would start it. */
export class Command {
  readonly exit: Promise<number | null>
  readonly #child: ChildProcess
  readonly #documents: Record<string, unknown>[] = []
  #stdout = ''
  #stderr = ''

  /** @param environment what the process sees besides our own. */
  constructor(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { stdout, stderr } = this.#child
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => this.#take(line))
    }
    stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString('utf8')
    })
    this.exit = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)))
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Resolves with the first JSON line of this kind. */
  async document(kind: string, isWanted: (document: Json) => boolean = () => true): Promise<Json> {
    return this.until(() =>
      this.#documents.find((document) => document['kind'] === kind && isWanted(document)),
    )
  }

  /** Resolves with what is found, as soon as it is; fails where the command ends before. */
  async until<T>(find: () => T | undefined): Promise<T> {
    let isOver = false
    void this.exit.then(() => {
      isOver = true
    })
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      if (isOver) throw new Error(`the command ended:\n${this.#stdout}\n${this.#stderr}`)
      await sleep(20)
    }
  }

  #take(line: string): void {
    this.#stdout += `${line}\n`
    if (line.startsWith('{')) this.#documents.push(JSON.parse(line))
  }
}

export type Json = Readonly<Record<string, unknown>>

/** Runs a command to its end. */
export async function run(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const command = new Command(args, cwd, environment)
  const code = await command.exit
  return { code, stdout: command.stdout, stderr: command.stderr }
}

/** A folder of its own for a test, and nothing left of it. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'commonweal-e2e-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Resolves when none of these processes exists. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(20)
}
