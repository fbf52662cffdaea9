/**
 * The guide's first programs. Each file stands alone and runs by itself; the guide shows it whole,
 * from {@code // region} to {@code // endregion}.
 */
package dev.procpool.examples;
