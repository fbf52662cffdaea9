/** Asks users' objects, and their loggers, with care: their code may throw anything. */
@NullMarked
package dev.procpool.guard;

import org.jspecify.annotations.NullMarked;
