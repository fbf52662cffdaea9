/** The functional interfaces of tasks, and the tuples of their arguments. */
package dev.procpool.function;
