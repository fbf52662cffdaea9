/**
 * Which slot runs which items of which call: no thread, no clock, no message, no class of Spark's.
 */
@NullMarked
package dev.procpool.spark.slots;

import org.jspecify.annotations.NullMarked;
