import { mkdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Logger, pino } from 'pino'
import { moduleUrlOf } from './agent/plugin/load-plugin.ts'
import { loadConfig, type NodeConfig } from './config.ts'
import { ConfigError, OperationalError } from './errors.ts'
import { formatJson } from './json.ts'
import { TransportError } from './network/transport-error.ts'
import { type Node, startNode } from './node.ts'
import { EXIT, type Ready, type Starting } from './ready.ts'

/** Runs one node until it stops, or is told to: SIGTERM, SIGINT, `POST /stop`, or its parent's channel closes. */
async function main(): Promise<number> {
  const config = readConfig()
  mkdirSync(config.dataFolder, { recursive: true })
  const logFile = join(config.dataFolder, 'node.log')
  const log = pino(
    { level: config.logLevel, base: { node: config.name } },
    pino.destination({ dest: logFile, sync: true }),
  )
  catchBugs(log, config.agent.plugin)
  let node: Node | undefined
  const stop = (why: string): void => {
    log.info({ why }, 'the node stops')
    if (node === undefined) process.exit(EXIT.stopped)
    void node.stop()
  }
  if (process.connected) process.on('disconnect', () => stop('the parent has gone'))
  node = await startNode(config, {
    log,
    onEvent: (event) => {
      if (node === undefined) tellParent({ starting: event })
    },
  })
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  tellReady(node, config, logFile)
  // The next start need not compile again what this one did, however this one ends.
  flushCompileCache()
  const error = await node.ended
  if (error === null) {
    log.info('the node has stopped')
    return EXIT.stopped
  }
  process.stderr.write(`${error.name}: ${error.message}\n`)
  return exitOf(error)
}

function readConfig(): NodeConfig {
  let path: string | undefined
  try {
    path = parseArgs({ options: { config: { type: 'string' } } }).values.config
  } catch (error) {
    throw new ConfigError('arguments', process.argv.slice(2).join(' '), '--config <file>', error)
  }
  if (path === undefined) throw new ConfigError('--config', undefined, 'the path of a config file')
  return loadConfig(path)
}

function tellReady(node: Node, config: NodeConfig, logFile: string): void {
  const ready: Ready = {
    ready: true,
    pid: process.pid,
    name: config.name,
    peerId: node.peerId,
    agent: node.agent,
    networkId: node.networkId,
    addresses: node.addresses(),
    api: node.apiUrl,
    logFile,
  }
  process.stdout.write(`${formatJson(ready)}\n`)
  tellParent(ready)
}

/** A parent that has gone is noticed by its channel. */
function tellParent(message: Ready | Starting): void {
  if (process.connected) process.send?.(message, () => undefined)
}

/**
 * What nobody caught is our own bug: nothing is known of the state behind it. What a module of the operator's does beside its
 * answers is not: there, none of our code was under way. What is thrown and is no error is the module's as well: our code throws none.
 */
function catchBugs(log: Logger, plugin: NodeConfig['agent']['plugin']): void {
  const url = plugin === null ? null : moduleUrlOf(plugin.path)
  const onBug = (error: unknown): void => {
    if (url !== null && (!(error instanceof Error) || error.stack?.includes(url) === true)) {
      log.warn({ err: error }, 'the plug-in failed beside its answers')
      return
    }
    log.fatal({ err: error }, 'nobody caught this')
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    process.exit(EXIT.bug)
  }
  process.on('uncaughtException', onBug)
  process.on('unhandledRejection', onBug)
}

function exitOf(error: unknown): number {
  if (error instanceof ConfigError) return EXIT.usage
  if (error instanceof TransportError) {
    return error.code === 'bad-address' ? EXIT.usage : EXIT.failed
  }
  return error instanceof OperationalError ? EXIT.failed : EXIT.bug
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const sentence = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    process.stderr.write(`${sentence}\n`)
    process.exit(exitOf(error))
  },
)
