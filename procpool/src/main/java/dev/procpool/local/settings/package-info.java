/**
 * What the pool was told when it was built, checked.
 *
 * <p>Immutable.
 */
@NullMarked
package dev.procpool.local.settings;

import org.jspecify.annotations.NullMarked;
