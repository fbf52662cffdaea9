/**
 * The pool's side in the driver: its calls, what it knows of executors, Spark's jobs that hold
 * slots.
 */
@NullMarked
package dev.procpool.spark.driver;

import org.jspecify.annotations.NullMarked;
