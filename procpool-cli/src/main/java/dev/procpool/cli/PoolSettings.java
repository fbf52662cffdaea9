package dev.procpool.cli;

import dev.procpool.function.Action0;
import java.nio.file.Path;
import java.util.List;

/**
 * What the command line says about the pool. Immutable.
 *
 * @param workers the number of workers, positive
 * @param jvmOptions options of the workers' JVMs
 * @param classPath what the workers need besides this program's own class path
 * @param initializer what each worker process runs first
 */
record PoolSettings(
    int workers, List<String> jvmOptions, List<Path> classPath, Action0 initializer) {

  PoolSettings {
    jvmOptions = List.copyOf(jvmOptions);
    classPath = List.copyOf(classPath);
  }
}
