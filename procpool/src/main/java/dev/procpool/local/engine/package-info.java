/**
 * The pool's one thread, its mailbox and what it keeps in reserve.
 *
 * <p>Knows no worker and no call.
 */
@NullMarked
package dev.procpool.local.engine;

import org.jspecify.annotations.NullMarked;
