import type { HostLink } from '../hostLink.ts'
import { parsed } from '../keep.ts'
import { parseUnsent, type Unsent } from './unsent.ts'

/** Where unsent messages outlive the page. Resolves once they are kept; keeps the order in which it was asked. */
export interface OutboxStore {
  /** In no order. */
  read(): Promise<Unsent[]>
  put(item: Unsent): Promise<unknown>
  remove(id: string): Promise<unknown>
  /** The one that should have been there: it comes late, or never. It has what earlier pages left. */
  late?: Promise<OutboxStore>
}

const UNSENT = 'unsent'
/** Some browsers never answer in private windows. */
const OPEN_WITHIN_MS = 2_000

/**
 * The browser's database, shared by all tabs; where that is denied, what the launcher keeps for us;
 * where there is neither, nothing but memory.
 */
export function openOutboxStore(channel: string, host?: Pick<HostLink, 'kept' | 'keep'>): Promise<OutboxStore> {
  const database = openDatabase(`foyer:${channel}`).then(databaseStore)
  const tooLate = new Promise<never>((_, reject) => setTimeout(reject, OPEN_WITHIN_MS))
  return Promise.race([database, tooLate]).catch(() => ({ ...hostStore(host), late: database }))
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(UNSENT, { keyPath: 'id' })
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = reject
  })
}

function databaseStore(database: IDBDatabase): OutboxStore {
  const run = <T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(UNSENT, mode)
      const asked = ask(transaction.objectStore(UNSENT))
      // Left to itself it commits only when the page has heard of the outcome, which a page that goes away never does.
      transaction.commit()
      transaction.oncomplete = () => resolve(asked.result)
      transaction.onabort = reject
    })
  return {
    read: async () =>
      (await run<unknown[]>('readonly', (store) => store.getAll())).flatMap((f) => parseUnsent(f) ?? []),
    put: (item) => run('readwrite', (store) => store.put(item)),
    remove: (id) => run('readwrite', (store) => store.delete(id)),
  }
}

const PREFIX = 'unsent:'

/** One name for each message, so that two tabs of the website never write over each other's. */
function hostStore(host?: Pick<HostLink, 'kept' | 'keep'>): OutboxStore {
  const items = new Map<string, Unsent>()
  for (const [name, text] of Object.entries(host?.kept() ?? {})) {
    const item = name.startsWith(PREFIX) && parseUnsent(parsed(text))
    if (item) items.set(item.id, item)
  }
  return {
    read: async () => [...items.values()],
    put: async (item) => {
      items.set(item.id, item)
      host?.keep(PREFIX + item.id, JSON.stringify(item))
    },
    remove: async (id) => {
      items.delete(id)
      host?.keep(PREFIX + id, undefined)
    },
  }
}
