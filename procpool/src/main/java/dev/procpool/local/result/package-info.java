/**
 * Takes in what workers report of their items, and makes outcomes of it; as it does of what the
 * death of one has cost. Tells the scheduler and the calls.
 *
 * <p>What decodes without users' code is decoded on the engine's thread, the rest elsewhere.
 */
@NullMarked
package dev.procpool.local.result;

import org.jspecify.annotations.NullMarked;
