/**
 * Real mail servers for the tests of the Worker, started once beside them (vitest's globalSetup). Two behave; the
 * others behave as the recipient's name asks. What arrived is asked of `/mails/{recipient}`.
 */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import type { TestProject } from 'vitest/node'
import { MAIL_ACCOUNT } from './mailAccount.ts'

const at = (name: string) => new URL(`../fixtures/${name}`, import.meta.url)
const CERTIFICATE = { key: readFileSync(at('localhost.key.pem')), cert: readFileSync(at('localhost.cert.pem')) }

interface Arrived {
  from: string
  raw: string
  /** How it was signed in: PLAIN or LOGIN. */
  method: string
  secure: boolean
}

const arrived = new Map<string, Arrived[]>()

function proper(options: { secure?: boolean; authMethods?: string[]; disabledCommands?: string[] }): SMTPServer {
  return new SMTPServer({
    ...CERTIFICATE,
    ...options,
    logger: false,
    // A command in two packets must not be two commands.
    onAuth({ username, password, method }, session, done) {
      const known = username === MAIL_ACCOUNT.user && password === MAIL_ACCOUNT.password
      if (!known) return done(Object.assign(new Error('Who are you?'), { responseCode: 535 }))
      Object.assign(session, { method })
      done(null, { user: username })
    },
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('nobody@')) return done(Object.assign(new Error('No such user'), { responseCode: 550 }))
      if (address.startsWith('busy@')) return done(Object.assign(new Error('Try later'), { responseCode: 450 }))
      done()
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        if (to.startsWith('spam@')) return done(Object.assign(new Error('Looks like spam'), { responseCode: 554 }))
        const { mailFrom } = session.envelope
        const mail = {
          from: mailFrom ? mailFrom.address : '',
          raw: Buffer.concat(chunks).toString('latin1'),
          method: String(Reflect.get(session, 'method')),
          secure: session.secure,
        }
        arrived.set(to, [...(arrived.get(to) ?? []), mail])
        done()
      })
    },
  })
}

/** Says yes to everything, until the recipient's name asks for something else. */
function unreliable(): TcpServer {
  return createTlsServer(CERTIFICATE, (socket) => {
    let wish = ''
    let inData = false
    socket.on('error', () => undefined)
    socket.write('220 localhost\r\n')
    let held = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      held += chunk
      if (inData) {
        if (wish === 'drop-in-data') socket.destroy()
        else if (held.endsWith('\r\n.\r\n')) afterDot(socket, wish)
        return
      }
      if (!held.endsWith('\r\n')) return
      const command = held.trim()
      held = ''
      if (command.startsWith('RCPT TO:<')) wish = command.slice(9).split('@')[0] ?? ''
      if (wish === 'drop-at-rcpt') return socket.destroy()
      inData = command === 'DATA'
      socket.write(
        command.startsWith('EHLO') ? '250-localhost\r\n250 AUTH PLAIN\r\n' : inData ? '354 go\r\n' : '250 yes\r\n',
      )
    })
  })
}

function afterDot(socket: Socket, wish: string): void {
  if (wish === 'drop-after-dot') socket.destroy()
  if (wish === 'garbage-after-dot') socket.write('<html>502</html>\r\n')
  if (wish === 'later-after-dot') socket.write('451-busy\r\n451 try later\r\n')
  if (wish === 'in-pieces') for (const piece of ['2', '50 y', 'es\r', '\n']) socket.write(piece)
}

/** Whoever sits between says something in plain text before the encryption begins. */
function injecting(): TcpServer {
  return createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 localhost\r\n')
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      if (chunk.startsWith('EHLO')) socket.write('250-localhost\r\n250 STARTTLS\r\n')
      if (chunk.startsWith('STARTTLS')) socket.write('220 go\r\n250-localhost\r\n250 AUTH PLAIN\r\n')
    })
  })
}

async function listening(server: TcpServer | Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

export default async function setup(project: TestProject) {
  const servers = {
    tls: proper({ secure: true }).server,
    starttls: proper({}).server,
    login: proper({ secure: true, authMethods: ['LOGIN'] }).server,
    plain: proper({ disabledCommands: ['STARTTLS'] }).server,
    unreliable: unreliable(),
    injecting: injecting(),
    mails: createServer((request, response) => {
      const to = decodeURIComponent((request.url ?? '').replace('/mails/', ''))
      response.setHeader('content-type', 'application/json').end(JSON.stringify(arrived.get(to) ?? []))
    }),
  }
  const ports = await Promise.all(
    Object.entries(servers).map(async ([name, server]) => [name, await listening(server)] as const),
  )
  project.provide('smtp', Object.fromEntries(ports))
  return () => {
    for (const server of Object.values(servers)) server.close()
  }
}
