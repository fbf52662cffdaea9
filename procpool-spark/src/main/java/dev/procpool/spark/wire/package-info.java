/** What driver and executors say to each other, and how it is written. */
@NullMarked
package dev.procpool.spark.wire;

import org.jspecify.annotations.NullMarked;
