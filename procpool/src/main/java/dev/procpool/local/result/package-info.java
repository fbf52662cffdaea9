/**
 * Takes in what workers report of their items, and makes outcomes of it.
 *
 * <p>What decodes without users' code is decoded on the engine's thread, the rest elsewhere.
 */
@NullMarked
package dev.procpool.local.result;

import org.jspecify.annotations.NullMarked;
