package dev.procpool;

import java.util.Optional;

/**
 * The item that a worker was running when it printed or logged something. Immutable.
 *
 * @param call the number of its call: the calls of a pool are numbered from 1 as they are made
 * @param label the call's {@linkplain dev.procpool.TaskOptions#label label}, if it has one and is
 *     among the last thousand or so that have
 * @param index the item's index in its call
 * @param attempt how often the item had been started, that time included
 */
public record RunningItem(long call, Optional<String> label, long index, int attempt) {}
