package dev.procpool.local.launch;

/**
 * A worker's process, just started.
 *
 * @param process whose standard input takes the first words of the pool
 * @param sharers among how many workers the machine was shared out by then
 * @param usesArchive whether its JVM was given an archive of classes to start from
 */
public record Launched(Process process, int sharers, boolean usesArchive) {}
