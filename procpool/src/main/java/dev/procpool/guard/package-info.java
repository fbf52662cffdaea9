/**
 * Asks what may fail or hang: users' objects and loggers, whose code may throw anything; files;
 * names.
 */
@NullMarked
package dev.procpool.guard;

import org.jspecify.annotations.NullMarked;
