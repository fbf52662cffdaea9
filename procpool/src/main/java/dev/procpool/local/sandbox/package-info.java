/**
 * What the sandboxes of this machine are made of: paths that are shown, system calls that are
 * refused, limits.
 *
 * <p>Users know {@code dev.procpool.local.Sandbox}.
 */
@NullMarked
package dev.procpool.local.sandbox;

import org.jspecify.annotations.NullMarked;
