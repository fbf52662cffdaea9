/**
 * What a pool does for its workers beside giving them items: looks after them, answers their
 * questions for classes and log levels, delivers their log records.
 *
 * <p>Each service keeps its own state of a worker, by {@link dev.procpool.local.fleet.PerWorker}.
 */
@NullMarked
package dev.procpool.local.service;

import org.jspecify.annotations.NullMarked;
