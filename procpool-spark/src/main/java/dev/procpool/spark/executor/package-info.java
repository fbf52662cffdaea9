/** The pool's side in each executor: its worker processes and the slots they work for. */
@NullMarked
package dev.procpool.spark.executor;

import org.jspecify.annotations.NullMarked;
