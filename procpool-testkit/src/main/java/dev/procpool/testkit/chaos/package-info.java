/**
 * The chaos run: a seeded run of misbehaving items on worker processes that are killed, stopped,
 * recycled and resized meanwhile, after which each outcome is checked against what the items
 * recorded themselves.
 *
 * <pre>
 * ChaosPlan ─→ ChaosRound ─→ Caller (several) ──→ pool ──→ ChaosTask ──→ Ledger
 *                   │            Tormentor ────────↑                        │
 *                   └─ calls, outcomes, victims ─────────→ Judge ←──────────┘
 * </pre>
 */
@NullMarked
package dev.procpool.testkit.chaos;

import org.jspecify.annotations.NullMarked;
