/**
 * The soak: mixed work for a long time on a small heap, while what the process has must not grow.
 */
package dev.procpool.testkit.soak;
