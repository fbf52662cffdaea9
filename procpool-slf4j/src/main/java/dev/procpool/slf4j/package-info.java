/**
 * What workers log with SLF4J or Log4j goes to the loggers of the same names in their parent, by
 * this module's being there: nothing here is called by users.
 *
 * <p>In the parent the application's own logging stays what it is. In a worker SLF4J has the
 * provider {@link dev.procpool.slf4j.WorkerServiceProvider} and Log4j the provider {@link
 * dev.procpool.slf4j.WorkerLog4jProvider}, whatever else is on the class path, so that a worker
 * reads no configuration of Logback or Log4j and opens none of the application's files.
 *
 * @since 0.2.0
 */
@NullMarked
package dev.procpool.slf4j;

import org.jspecify.annotations.NullMarked;
