/**
 * Which item goes to which worker, and when. Pure: no thread, no input or output, no clock; every
 * event carries its time. Owned by whoever calls it, one thread at a time.
 *
 * <pre>
 * owner ── events ─→ Scheduler ── Turns      whose turn it is: gives the next chunk of a call
 *                        │            └─ CallQueue, ChunkSize    what a call has to send
 *                        ├────── Workers     what each worker holds, and who is idle
 *                        │            └─ WorkerSlot, SentChunk
 *                        ├────── Stealing    takes back what workers have not started
 *                        ├────── Calls       which calls have not ended
 * owner ←─ Actions ──────┘
 * </pre>
 */
@NullMarked
package dev.procpool.scheduler;

import org.jspecify.annotations.NullMarked;
