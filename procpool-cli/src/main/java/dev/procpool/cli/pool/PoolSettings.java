package dev.procpool.cli.pool;

import dev.procpool.PoolObserver;
import dev.procpool.cli.options.PoolOptions;
import dev.procpool.cli.terminal.Console;
import dev.procpool.function.Action0;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says about the pool. Immutable.
 *
 * @param workers the number of workers, positive
 * @param options what the user says of worker processes
 * @param jvmOptions options of the workers' JVMs
 * @param classPath what the workers need besides this program's own class path
 * @param initializer what each worker process runs first
 * @param observer is told of workers and items
 * @param console shows what workers print
 */
public record PoolSettings(
    int workers,
    PoolOptions options,
    List<String> jvmOptions,
    List<Path> classPath,
    Action0 initializer,
    Optional<? extends PoolObserver> observer,
    Console console) {

  public PoolSettings {
    jvmOptions = List.copyOf(jvmOptions);
    classPath = List.copyOf(classPath);
  }
}
