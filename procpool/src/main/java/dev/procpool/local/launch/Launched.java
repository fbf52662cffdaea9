package dev.procpool.local.launch;

/**
 * A worker's process, just started.
 *
 * @param process whose standard input takes the first words of the pool
 * @param usesArchive whether its JVM was given an archive of classes to start from
 */
public record Launched(Process process, boolean usesArchive) {}
