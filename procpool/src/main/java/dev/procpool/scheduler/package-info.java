/**
 * Which item goes to which worker, and when. Pure: no thread, no input or output, no clock; every
 * event carries its time. Owned by whoever calls it, one thread at a time.
 *
 * <pre>
 * owner ── events ─→ Scheduler ── Calls      which have not ended, and whose turn it is
 *                        │            └─ CallQueue, ChunkSize    what a call has to send
 *                        ├────── Workers     what each worker holds, and who is idle
 *                        │            └─ WorkerSlot, SentChunk
 *                        ├────── Stealing    asks for what workers have not started
 * owner ←─ Actions ──────┘
 * </pre>
 */
@NullMarked
package dev.procpool.scheduler;

import org.jspecify.annotations.NullMarked;
