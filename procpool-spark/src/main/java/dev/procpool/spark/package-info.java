/** The pool on the machines of an Apache Spark cluster. */
@NullMarked
package dev.procpool.spark;

import org.jspecify.annotations.NullMarked;
