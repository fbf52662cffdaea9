/** Apache Fory in place of Java serialization, for the object graphs in arguments and results. */
@NullMarked
package dev.procpool.fory;

import org.jspecify.annotations.NullMarked;
