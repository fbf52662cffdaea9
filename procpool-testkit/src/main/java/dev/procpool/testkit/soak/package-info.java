/**
 * The soak: mixed work for a long time on a small heap, while what the process has must not grow.
 */
@NullMarked
package dev.procpool.testkit.soak;

import org.jspecify.annotations.NullMarked;
