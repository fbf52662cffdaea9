/**
 * The contract of {@link dev.procpool.Pool} as tests that every backend runs.
 *
 * <p>A backend's test class extends {@link dev.procpool.testkit.PoolContract} and names its {@link
 * dev.procpool.testkit.PoolFactory}; that is all. Tests and tasks signal each other through files
 * ({@link dev.procpool.testkit.FileLatch}, {@link dev.procpool.testkit.FileLog}), since they may
 * run in different processes.
 */
@NullMarked
package dev.procpool.testkit;

import org.jspecify.annotations.NullMarked;
